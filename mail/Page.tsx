import type { CSSProperties, ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Body, Head, Html, Link, Preview } from "react-email";
import { nightStyles, paint } from "./colours.ts";
import { hole } from "./hole.ts";

/** "Segoe UI" first: Outlook falls back to Times when it does not know the first font. */
const font = `"Segoe UI",-apple-system,BlinkMacSystemFont,Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif`;

const styles = [
  ":root{color-scheme:light dark;supported-color-schemes:light dark}",
  "a{text-decoration-thickness:1px;text-underline-offset:2px}",
  // Narrow is the default, because not every phone's program reads media queries.
  "@media (min-width:560px){.shell{padding:32px 16px 40px!important}.card{padding:36px 40px!important}}",
  nightStyles,
].join("");

/** The frame of every mail: the name of the site, a card, and below it why the mail was sent. */
export function Page() {
  return (
    <Html lang={hole("lang")} dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <style>{styles}</style>
      </Head>
      <Preview>{hole("preview")}</Preview>
      <Body lang={hole("lang")} {...paint({ ground: "paper", text: "ink" }, { margin: 0, fontFamily: font })}>
        <Box {...paint({ ground: "paper" }, { padding: "20px 10px 32px" })} shell>
          <ForOutlook width={600}>
            <div style={{ maxWidth: 600, margin: "0 auto" }}>
              <Brand />
              <Box
                {...paint(
                  { ground: "surface", edge: "line" },
                  { padding: "26px 18px", borderWidth: 1, borderStyle: "solid", borderRadius: 20 },
                )}
                card
              >
                {hole("content")}
              </Box>
              <Box style={{ padding: "20px 20px 0", textAlign: "center" }}>{hole("footer")}</Box>
            </div>
          </ForOutlook>
        </Box>
      </Body>
    </Html>
  );
}

/** Drawn with text: images are not shown until a reader allows them. */
function Brand() {
  return (
    <Box style={{ padding: "0 4px 16px" }}>
      <Link
        href={hole("home")}
        {...paint(
          { text: "ink" },
          { fontSize: 20, fontWeight: 800, letterSpacing: "-0.02em", lineHeight: "32px" },
        )}
      >
        <span
          aria-hidden="true"
          style={{
            display: "inline-block",
            width: 32,
            marginRight: 6,
            borderRadius: 9,
            backgroundColor: "#5a2273",
            color: "#f4b740",
            fontSize: 18,
            lineHeight: "31px",
            textAlign: "center",
            verticalAlign: "top",
          }}
        >
          ▲
        </span>{" "}
        {hole("brand")}
      </Link>
    </Box>
  );
}

interface BoxProps {
  className?: string;
  style?: CSSProperties;
  /** Parts of the page that are roomier in a wide window. */
  shell?: boolean;
  card?: boolean;
  children: ReactNode;
}

/** A block with padding. A table, because Outlook pads no other element. */
export function Box({ className, style, shell, card, children }: BoxProps) {
  const classes = [className, shell && "shell", card && "card"].filter(Boolean).join(" ");
  return (
    <table
      role="presentation"
      width="100%"
      border={0}
      cellPadding={0}
      cellSpacing={0}
      style={{ borderCollapse: "separate" }}
    >
      <tbody>
        <tr>
          <td className={classes || undefined} style={style}>
            {children}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** Outlook on Windows knows no largest width: it gets a table around the content, in comments that only it reads. */
function ForOutlook({ width, children }: { width: number; children: ReactNode }) {
  const content = renderToStaticMarkup(children);
  const table = `<table role="presentation" align="center" width="${width}" cellpadding="0" cellspacing="0" border="0">`;
  return (
    <div
      // biome-ignore lint/security/noDangerouslySetInnerHtml: JSX has no comments that reach the page
      dangerouslySetInnerHTML={{
        __html: `<!--[if mso]>${table}<tr><td><![endif]-->${content}<!--[if mso]></td></tr></table><![endif]-->`,
      }}
    />
  );
}
