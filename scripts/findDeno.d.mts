/** See findDeno.mjs: the absolute path of deno, or null. */
export function findDeno(): string | null;
