import type { ReactNode } from "react";
import { Button, Heading, Link, Text } from "react-email";
import { type Paint, paint } from "./colours.ts";
import { hole } from "./hole.ts";
import { Box } from "./Page.tsx";

const small = { fontSize: 14, lineHeight: "21px" };
const body = { fontSize: 16, lineHeight: "25px" };
/** Long words of people, such as addresses, must not make the mail wider than the window. */
const wrap = { overflowWrap: "anywhere", wordBreak: "break-word" } as const;

/** What kind of news it is. */
function Badge({ text, ground }: Pick<Paint, "text" | "ground">) {
  return (
    <span
      {...paint(
        { text, ground },
        { ...small, display: "inline-block", padding: "3px 12px", borderRadius: 16, fontWeight: 600 },
      )}
    >
      {hole("label")}
    </span>
  );
}

function Paragraph({ margin = "0 0 16px" }: { margin?: string }) {
  return <Text {...paint({ text: "ink" }, { ...body, ...wrap, margin })}>{hole("text")}</Text>;
}

/** A session with its date as a page of a tear-off calendar. `isOff`: it does not take place. */
function Session({ isOff }: { isOff: boolean }) {
  const cell = { textAlign: "center", lineHeight: 1 } as const;
  return (
    <Box
      {...paint(
        { ground: "sunken", edge: "line" },
        { padding: "16px 14px", borderWidth: 1, borderStyle: "solid", borderRadius: 14 },
      )}
    >
      <table role="presentation" width="100%" border={0} cellPadding={0} cellSpacing={0}>
        <tbody>
          <tr>
            <td width={70} style={{ verticalAlign: "top" }}>
              <table
                role="presentation"
                aria-hidden="true"
                width={56}
                border={0}
                cellPadding={0}
                cellSpacing={0}
                {...paint(
                  { ground: "surface", edge: isOff ? "line" : "line-strong" },
                  {
                    width: 56,
                    borderWidth: 1,
                    borderStyle: "solid",
                    borderRadius: 12,
                    overflow: "hidden",
                    borderCollapse: "separate",
                  },
                )}
              >
                <tbody>
                  <tr>
                    <td
                      {...paint(
                        isOff
                          ? { ground: "line", text: "ink-soft" }
                          : { ground: "primary", text: "on-primary" },
                        {
                          ...cell,
                          padding: "5px 0",
                          borderRadius: "11px 11px 0 0",
                          fontSize: 12,
                          fontWeight: 700,
                          letterSpacing: "0.05em",
                        },
                      )}
                    >
                      {hole("month")}
                    </td>
                  </tr>
                  <tr>
                    <td
                      {...paint(
                        { text: isOff ? "ink-soft" : "ink" },
                        {
                          ...cell,
                          padding: "7px 0 3px",
                          fontSize: 24,
                          fontWeight: 800,
                          letterSpacing: "-0.02em",
                        },
                      )}
                    >
                      {hole("day")}
                    </td>
                  </tr>
                  <tr>
                    <td
                      {...paint(
                        { text: "ink-soft" },
                        { ...cell, paddingBottom: 7, fontSize: 12, fontWeight: 600 },
                      )}
                    >
                      {hole("weekday")}
                    </td>
                  </tr>
                </tbody>
              </table>
            </td>
            <td style={{ verticalAlign: "top" }}>
              <Text
                {...paint(
                  { text: "ink" },
                  { ...wrap, margin: 0, fontSize: 17, lineHeight: "23px", fontWeight: 700 },
                )}
              >
                {hole("service")}
              </Text>
              <Text {...paint({ text: "ink-soft" }, { ...wrap, ...small, margin: "1px 0 0" })}>
                {hole("detail")}
              </Text>
              {hole("times")}
            </td>
          </tr>
        </tbody>
      </table>
    </Box>
  );
}

/** A time within a session. */
function Time({ children, strong = true }: { children: ReactNode; strong?: boolean }) {
  return (
    <Text {...paint({ text: "ink-soft" }, { ...small, ...wrap, margin: "8px 0 0" })}>
      {strong ? (
        <strong {...paint({ text: "ink" }, { fontWeight: 700 })}>{children}</strong>
      ) : (
        <s>{children}</s>
      )}
      <br />
      {hole("label")}
    </Text>
  );
}

const inlineLink = { ...small, fontWeight: 600, textDecoration: "underline" } as const;

/** All parts of mails but the page around them. */
export const blocks = {
  badgeGood: <Badge text="good" ground="good-soft" />,
  badgeBad: <Badge text="bad" ground="bad-soft" />,
  badgeAccent: <Badge text="accent-text" ground="accent-soft" />,
  badgePrimary: <Badge text="primary-text" ground="primary-soft" />,
  heading: (
    <Heading
      as="h1"
      {...paint(
        { text: "ink" },
        {
          ...wrap,
          margin: "12px 0 10px",
          fontSize: 26,
          lineHeight: "32px",
          fontWeight: 800,
          letterSpacing: "-0.02em",
          textWrap: "balance",
        },
      )}
    >
      {hole("text")}
    </Heading>
  ),
  lead: <Paragraph margin="0 0 18px" />,
  paragraph: <Paragraph margin="18px 0 0" />,
  session: <Session isOff={false} />,
  sessionOff: <Session isOff />,
  time: <Time>{hole("time")}</Time>,
  timeOff: <Time strong={false}>{hole("time")}</Time>,
  quote: (
    <Box style={{ paddingTop: 18 }}>
      <Box
        {...paint(
          { edge: "accent" },
          { padding: "2px 0 2px 14px", borderLeftWidth: 4, borderLeftStyle: "solid" },
        )}
      >
        <Text {...paint({ text: "ink-soft" }, { ...small, ...wrap, margin: "0 0 2px" })}>{hole("by")}</Text>
        <div
          dir="auto"
          {...paint({ text: "ink" }, { ...body, ...wrap, margin: 0, unicodeBidi: "plaintext" })}
        >
          {hole("text")}
        </div>
      </Box>
    </Box>
  ),
  code: (
    <Box
      {...paint(
        { ground: "sunken", edge: "line", text: "ink" },
        { padding: "20px 12px", borderWidth: 1, borderStyle: "solid", borderRadius: 14, textAlign: "center" },
      )}
    >
      <span
        {...paint(
          { text: "ink" },
          {
            fontFamily: `Consolas,"SFMono-Regular",Menlo,"Liberation Mono",monospace`,
            fontSize: 34,
            lineHeight: "40px",
            fontWeight: 700,
            letterSpacing: "0.2em",
            // The last letter's space would shift the code to the left.
            paddingLeft: "0.2em",
          },
        )}
      >
        {hole("code")}
      </span>
    </Box>
  ),
  button: (
    <Box style={{ paddingTop: 24 }}>
      <Button
        href={hole("href")}
        {...paint(
          { ground: "primary", text: "on-primary" },
          { padding: "13px 24px", borderRadius: 12, fontSize: 16, fontWeight: 700, textAlign: "center" },
        )}
      >
        {hole("label")}
      </Button>
    </Box>
  ),
  actions: <Box style={{ paddingTop: 10 }}>{hole("links")}</Box>,
  action: (
    <Link
      href={hole("href")}
      {...paint(
        { text: "primary-text" },
        { ...inlineLink, display: "inline-block", marginRight: 20, fontSize: 15, lineHeight: "32px" },
      )}
    >
      {hole("label")}
    </Link>
  ),
  calendar: (
    <Box style={{ paddingTop: 24 }}>
      <Box {...paint({ edge: "line" }, { padding: "14px 0 0", borderTopWidth: 1, borderTopStyle: "solid" })}>
        <span {...paint({ text: "ink-soft" }, { ...small, marginRight: 14 })}>{hole("label")}</span>{" "}
        <span style={{ display: "inline-block", whiteSpace: "nowrap" }}>{hole("links")}</span>
      </Box>
    </Box>
  ),
  calendarLink: (
    <Link
      href={hole("href")}
      {...paint(
        { text: "primary-text" },
        { ...inlineLink, display: "inline-block", marginRight: 16, lineHeight: "28px" },
      )}
    >
      {hole("label")}
    </Link>
  ),
  footer: (
    <Text {...paint({ text: "ink-soft" }, { ...wrap, margin: "0 0 6px", fontSize: 13, lineHeight: "20px" })}>
      {hole("text")}
    </Text>
  ),
  footerLink: (
    <Link
      href={hole("href")}
      {...paint(
        { text: "ink-soft" },
        {
          display: "inline-block",
          margin: "0 9px",
          fontSize: 13,
          lineHeight: "26px",
          textDecoration: "underline",
        },
      )}
    >
      {hole("label")}
    </Link>
  ),
} satisfies Record<string, ReactNode>;
