import type { Words } from "#words/languages.ts";
import { fill, Html } from "./fillTemplate.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { MailInput } from "./mailInput.ts";
import { calendarLinks, footerLinks } from "./mailLinks.ts";
import type { TimeLine } from "./mailTimes.ts";

const badges = {
  good: "badgeGood",
  bad: "badgeBad",
  accent: "badgeAccent",
  primary: "badgePrimary",
} as const satisfies Record<Letter["tone"], string>;

/** A letter as HTML, without images. */
export function htmlPart(words: Words, letter: Letter, { publicUrl, links, recipient }: MailInput): string {
  const footer = footerLinks(words, links).map((link) => fill("footerLink", { ...link }));
  return fill("page", {
    lang: recipient.language,
    preview: letter.preview,
    home: publicUrl,
    brand: words.layout.brand,
    content: Html.join(contentOf(words, letter)),
    footer: Html.join([fill("footer", { text: letter.reason }), ...footer], " "),
  }).source;
}

function contentOf(words: Words, letter: Letter): Html[] {
  const { label, tone, heading, lead, session, code, quote, money, next, actions, calendar } = letter;
  return [
    fill(badges[tone], { label }),
    fill("heading", { text: heading }),
    fill("lead", { text: lead }),
    ...(session ? [sessionBlock(words, session)] : []),
    ...(code ? [fill("code", { code })] : []),
    ...(quote ? [fill("quote", { by: quote.by, text: Html.lines(quote.text) })] : []),
    ...(money ? [fill("paragraph", { text: money })] : []),
    ...(next ? [fill("paragraph", { text: next })] : []),
    ...actionBlocks(actions),
    ...(calendar ? [calendarBlock(words, calendar)] : []),
  ];
}

function sessionBlock({ mailParts }: Words, session: NonNullable<Letter["session"]>): Html {
  const { service, detail, tile, isOff, times, before } = session;
  const line = ({ time, label }: TimeLine) => fill(isOff ? "timeOff" : "time", { time, label });
  const moved = before && fill("timeOff", { time: before.time, label: mailParts.mailSession.before });
  return fill(isOff ? "sessionOff" : "session", {
    month: tile.month,
    day: tile.day,
    weekday: tile.weekday,
    service,
    detail,
    times: Html.join([...times.map(line), ...(moved ? [moved] : [])]),
  });
}

function actionBlocks([main, ...rest]: readonly LetterLink[]): Html[] {
  if (!main) return [];
  const links = rest.map((link) => fill("action", { ...link }));
  return [
    fill("button", { ...main }),
    ...(links.length > 0 ? [fill("actions", { links: Html.join(links, " ") })] : []),
  ];
}

function calendarBlock(words: Words, calendar: NonNullable<Letter["calendar"]>): Html {
  const links = calendarLinks(words, calendar).map((link) => fill("calendarLink", { ...link }));
  return fill("calendar", { label: words.mailParts.mailCalendar.label, links: Html.join(links, " ") });
}
