import type { MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import { numberLimits } from "#rules/limits.ts";
import { usernames } from "#words/mentorPage.ts";

const { min, max } = numberLimits.usernameCharacters;

/** The text of a mentor's page, in its form. */
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

/** In lower case, as the API stores it. */
export function usernameOf(text: string): string {
  return text.trim().toLowerCase();
}

/** What is wrong with a username; null when nothing is. */
export function usernameProblem(text: string): string | null {
  const username = usernameOf(text);
  if (username === "") return usernames.missing;
  if (/[^a-z0-9-]/.test(username)) return usernames.characters;
  if (username.length < min) return usernames.tooShort;
  if (username.length > max) return usernames.tooLong;
  if (/^-|-$/.test(username)) return usernames.ends;
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
