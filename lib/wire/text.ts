export { MAX_SHOWN, printable } from '../model/text.ts';
