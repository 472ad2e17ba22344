/** What a new protocol is called in its files. */
export interface Names {
  readonly id: string;
  /** As a TypeScript name. */
  readonly camel: string;
  readonly port: number;
}
