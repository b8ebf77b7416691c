/** As `paths` of the web app has it (src/lib/paths.ts; mail/tests compares them). */
export function mentorPage(publicUrl: string, username: string): string {
  return `${publicUrl}/mentors/${encodeURIComponent(username)}`;
}
