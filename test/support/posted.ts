/** A receiver of POSTs that keeps what it got and answers as told. */
import type { Post } from '../../lib/sinks/accepted.ts';

export interface Posted {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Answer = Awaited<ReturnType<Post>>;

/** Answers in turn; the last one stands for all that follow. */
export function receiver(...answers: readonly [Answer, ...Answer[]]): { readonly sent: Posted[]; readonly post: Post } {
  const sent: Posted[] = [];
  const post: Post = async (url, body, { headers }) => {
    sent.push({ url, body, headers });
    return answers[Math.min(sent.length, answers.length) - 1] ?? answers[0];
  };
  return { sent, post };
}
