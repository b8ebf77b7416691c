/** See findNginx.mjs. @throws SetupError if there is none */
export function findNginx(): string;
