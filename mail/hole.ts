/** A place of a template that is filled when a mail is written, by name (server/mail/fillTemplate.ts). */
export function hole(name: string): string {
  return `{{${name}}}`;
}
