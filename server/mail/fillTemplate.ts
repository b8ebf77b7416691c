import { escapeHtml } from "../platform/http/escapeHtml.ts";
import { templates } from "./templates.gen.ts";

/** HTML that is finished: only this file makes it, from templates and escaped text. */
export class Html {
  readonly source: string;
  private constructor(source: string) {
    this.source = source;
  }

  static join(parts: readonly Html[], separator = ""): Html {
    return new Html(parts.map(({ source }) => source).join(separator));
  }

  /** Several lines of text, as they were typed. */
  static lines(text: string): Html {
    return new Html(text.split("\n").map(escapeText).join("<br/>"));
  }

  /** @throws if the values are not exactly those of the template's places, or an address is none of the web */
  static fill(name: string, template: Template, values: Values): Html {
    const unknown = Object.keys(values).filter((key) => !template.places.some((place) => place.name === key));
    if (unknown.length > 0) throw new Error(`The template ${name} has no place for ${unknown}.`);
    let source = template.start;
    for (const { name: key, isAttribute, after } of template.places) {
      const value = values[key];
      if (value === undefined) throw new Error(`The template ${name} lacks a value for ${key}.`);
      source += (isAttribute ? escapeAttribute(key, value) : escapeContent(value)) + after;
    }
    return new Html(source);
  }
}

type Values = Readonly<Record<string, string | Html>>;

interface Template {
  start: string;
  places: readonly Place[];
}

interface Place {
  name: string;
  /** In an attribute or the document's title, where no element can be. */
  isAttribute: boolean;
  /** The template up to the next place. */
  after: string;
}

export function parseTemplate(source: string): Template {
  const [start = "", ...rest] = source.split(/\{\{(\w+)\}\}/);
  const places: Place[] = [];
  let before = start;
  for (let at = 0; at < rest.length; at += 2) {
    const [name = "", after = ""] = rest.slice(at, at + 2);
    places.push({ name, isAttribute: /<[^>]*$|<title>$/.test(before), after });
    before += after;
  }
  return { start, places };
}

type TemplateName = keyof typeof templates;

const parsed = Object.fromEntries(
  Object.entries(templates).map(([name, source]) => [name, parseTemplate(source)]),
) as Record<TemplateName, Template>;

/** The names of a template's places: `"<b>{{label}}</b>"` -> `"label"`. */
type PlacesOf<Source extends string> = Source extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | PlacesOf<Rest>
  : never;

/**
 * Fills a template. Text is escaped; a name that is isolated from the direction of its sentence (see mailText.ts) becomes a
 * `<bdi>`.
 */
export function fill<Name extends TemplateName>(
  name: Name,
  values: Readonly<Record<PlacesOf<(typeof templates)[Name]>, string | Html>>,
): Html {
  return Html.fill(name, parsed[name], values);
}

function escapeContent(value: string | Html): string {
  return value instanceof Html ? value.source : escapeText(value);
}

function escapeText(text: string): string {
  return escapeHtml(text).replaceAll("\u2068", "<bdi>").replaceAll("\u2069", "</bdi>");
}

function escapeAttribute(name: string, value: string | Html): string {
  if (value instanceof Html) throw new Error(`${name} is in an attribute, which cannot hold elements.`);
  if ((name === "href" || name === "home") && !/^(https?|webcal):\/\//.test(value))
    throw new Error(`This ${name} is no address of the web: ${value}`);
  return escapeHtml(value).replace(/[\u2068\u2069]/g, "");
}
