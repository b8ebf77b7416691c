import type { MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import { numberLimits } from "#rules/limits.ts";

const { min, max } = numberLimits.usernameCharacters;

/** What a mentor's page says, as its forms hold it. */
export type ProfileForm = {
  full_name: string;
  username: string;
  headline: string;
  bio: string;
  expertise: string[];
  languages: string[];
};

export function profileFormOf(profile: MentorProfile): ProfileForm {
  const { full_name, username, headline, bio, expertise, languages } = profile;
  return { full_name, username, headline, bio, expertise, languages };
}

export function profileOf(form: ProfileForm) {
  return {
    full_name: form.full_name.trim(),
    username: usernameOf(form.username),
    headline: form.headline.trim(),
    bio: form.bio.trim(),
    expertise: form.expertise,
    languages: form.languages,
  } satisfies UpdateMentor;
}

/** The API lowers letters too: what is shown as the address is what it will be. */
export function usernameOf(text: string): string {
  return text.trim().toLowerCase();
}

/** What is wrong with the form of a username, as the API would say it; null when nothing is. */
export function usernameProblem(text: string): string | null {
  const username = usernameOf(text);
  if (username === "") return "Please choose a username.";
  if (/[^a-z0-9-]/.test(username)) return "Use only letters from a to z, digits and hyphens.";
  if (username.length < min) return `Use at least ${min} characters.`;
  if (username.length > max) return `Use at most ${max} characters.`;
  if (/^-|-$/.test(username)) return "Begin and end with a letter or a digit.";
  return null;
}

/** 'Aditi Rao' -> 'aditi-rao'; empty when nothing usable is left. */
export function suggestUsername(fullName: string): string {
  const plain = fullName
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-");
  const username = plain.slice(0, max).replaceAll(/^-+|-+$/g, "");
  return usernameProblem(username) === null ? username : "";
}
