/** See findFaketime.mjs: the absolute path of libfaketime.so.1, or null. */
export function findFaketime(): string | null;
