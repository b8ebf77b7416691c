/** Addresses of group sessions, apart from those that every visitor loads (paths.ts). */
export const groupPaths = {
  /** The public page. */
  session: (username: string, id: string) =>
    `/mentors/${encodeURIComponent(username)}/groups/${encodeURIComponent(id)}`,
  roster: (id: string) => `/mentor/groups/${encodeURIComponent(id)}`,
  /** The public page of a programme. */
  programme: (username: string, id: string) =>
    `/mentors/${encodeURIComponent(username)}/programmes/${encodeURIComponent(id)}`,
  programmeRoster: (id: string) => `/mentor/programmes/${encodeURIComponent(id)}`,
} as const;

export const rosterPattern = "/mentor/groups/:groupId";
export const programmeRosterPattern = "/mentor/programmes/:programmeId";
