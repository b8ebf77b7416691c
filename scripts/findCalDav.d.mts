/** See findCalDav.mjs: the absolute path of a CalDAV server, or null. */
export function findCalDavServer(name: "radicale" | "xandikos"): string | null;
