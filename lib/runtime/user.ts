import { userInfo } from 'node:os';

/** Of the operating system. A container's user may have no entry, and so no name. */
export function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
