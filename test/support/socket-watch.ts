/**
 * Sees every TCP connect of this process where it leaves Node for the kernel, whoever asked for it: net, tls, undici or a
 * name that something resolved again. What is not loopback is written down and refused, so that no packet leaves.
 */
interface TcpWrap {
  connect: (this: unknown, request: unknown, address: string, ...rest: readonly unknown[]) => number;
  connect6: (this: unknown, request: unknown, address: string, ...rest: readonly unknown[]) => number;
}

/** -ENETUNREACH, as a machine without a route would have it. */
const UNREACHABLE = -101;

export interface SocketWatch {
  /** Addresses, in the order in which they were asked for. */
  readonly attempts: string[];
  restore(): void;
}

/** `instead`: where connects go that would leave this machine, as a transparent proxy has it. */
export function watchSockets(instead?: string): SocketWatch {
  const { TCP } = (process as unknown as { binding(name: string): { TCP: { prototype: TcpWrap } } }).binding(
    'tcp_wrap',
  );
  const { connect, connect6 } = TCP.prototype;
  const attempts: string[] = [];
  TCP.prototype.connect = function (request, address, ...rest) {
    attempts.push(address);
    const to = address.startsWith('127.') ? address : instead;
    return to === undefined ? UNREACHABLE : connect.call(this, request, to, ...rest);
  };
  TCP.prototype.connect6 = function (request, address, ...rest) {
    attempts.push(address);
    return address === '::1' ? connect6.call(this, request, address, ...rest) : UNREACHABLE;
  };
  return {
    attempts,
    restore() {
      TCP.prototype.connect = connect;
      TCP.prototype.connect6 = connect6;
    },
  };
}
