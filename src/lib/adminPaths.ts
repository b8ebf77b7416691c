/** Addresses below the console of administrators, apart from those that every visitor loads (paths.ts). */
export const adminPaths = {
  logOf: (personId: string) => `/admin/log?person=${encodeURIComponent(personId)}`,
  person: (id: string) => `/admin/people/${encodeURIComponent(id)}`,
} as const;

export const personPattern = "/admin/people/:personId";
