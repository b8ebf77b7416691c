import type { Answer } from "./answer.ts";

/** The cookies of a browser that only calls the API. */
export function openCookies() {
  const kept = new Map<string, string>();
  return {
    keep(answer: Answer): Answer {
      for (const cookie of [answer.headers["set-cookie"] ?? []].flat().map(String)) {
        const [pair = "", ...attributes] = cookie.split("; ");
        const name = pair.slice(0, pair.indexOf("="));
        if (attributes.includes("Max-Age=0")) kept.delete(name);
        else kept.set(name, pair.slice(name.length + 1));
      }
      return answer;
    },
    header: () => ({ cookie: [...kept].map(([name, value]) => `${name}=${value}`).join("; ") }),
    has: (name: string) => kept.has(name),
    copy() {
      const other = openCookies();
      for (const [name, value] of kept) other.set(name, value);
      return other;
    },
    set: (name: string, value: string) => kept.set(name, value),
  };
}

export type Cookies = ReturnType<typeof openCookies>;
