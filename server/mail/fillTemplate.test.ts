import { describe, expect, it } from "vitest";
import { fill, Html, parseTemplate } from "./fillTemplate.ts";

describe("a template", () => {
  const template = parseTemplate('<a href="{{href}}">{{label}}</a>');
  const href = "https://example.com/?a=1&b=2";

  it("is filled with text, which is escaped", () => {
    const { source } = Html.fill("link", template, { href, label: `<b>"Tom" & 'Ann'</b>` });
    expect(source).toBe(
      '<a href="https://example.com/?a=1&amp;b=2">&lt;b&gt;&quot;Tom&quot; &amp; &#39;Ann&#39;&lt;/b&gt;</a>',
    );
  });

  it("rejects a value that is missing, or that it has no place for (twins of every rendered mail)", () => {
    expect(() => Html.fill("link", template, { href })).toThrow("The template link lacks a value for label.");
    expect(() => Html.fill("link", template, { href, label: "Go", name: "Ann" })).toThrow(
      "no place for name",
    );
  });

  it("does not fill what a value brings along", () => {
    expect(Html.fill("link", template, { href, label: "{{href}}" }).source).toContain(">{{href}}<");
  });

  it.each(["javascript:alert(1)", "/sessions", "", " https://example.com", "data:text/html,hi"])(
    "rejects %j as an address",
    (address) => {
      expect(() => Html.fill("link", template, { href: address, label: "Go" })).toThrow(
        "no address of the web",
      );
    },
  );

  it("takes finished HTML between elements, and not in an attribute", () => {
    const inner = fill("footer", { text: "a < b" });
    expect(Html.fill("link", template, { href, label: inner }).source).toContain("a &lt; b</p></a>");
    expect(() => Html.fill("link", template, { href: inner, label: "Go" })).toThrow("in an attribute");
  });

  it("makes an element of a name's isolation, except where no element can be", () => {
    const both = parseTemplate('<title>{{text}}</title><p title="{{hint}}">{{text}}</p>');
    const text = "\u2068Ann\u2069 came";
    expect(Html.fill("both", both, { text, hint: text }).source).toBe(
      '<title>Ann came</title><p title="Ann came"><bdi>Ann</bdi> came</p>',
    );
  });

  it("keeps the lines of a text", () => {
    expect(Html.lines("one\n<two>").source).toBe("one<br/>&lt;two&gt;");
  });
});
