import { Fragment, type ReactNode } from "react";
import * as react from "react/jsx-runtime";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { jsx, jsxs } from "./jsx-runtime.ts";

const html = (element: ReactNode) => renderToStaticMarkup(element);
const icon = react.jsx("svg", {});

describe("text has its own element", () => {
  test("before and after an element, also one that is not there now", () => {
    expect(html(jsxs("button", { children: [icon, "Continue"] }))).toBe(
      "<button><svg></svg><span>Continue</span></button>",
    );
    expect(html(jsxs("button", { children: [false, "Continue"] }))).toBe(
      "<button><span>Continue</span></button>",
    );
    expect(
      html(jsxs("p", { children: ["Until ", react.jsx("b", { children: "noon" }), ", then ", 3] })),
    ).toBe("<p><span>Until </span><b>noon</b><span>, then 3</span></p>");
  });

  test("texts side by side are one, which React sets as a whole", () => {
    expect(html(jsxs("p", { children: [3, " of ", 5] }))).toBe("<p>3 of 5</p>");
    expect(jsxs("p", { children: [3, " of ", 5] }).props).toEqual({ children: "3 of 5" });
  });

  test("text in a fragment may have siblings around the fragment", () => {
    expect(html(jsx(Fragment, { children: "Save" }))).toBe("<span>Save</span>");
    expect(html(jsxs(Fragment, { children: ["Save ", 3] }))).toBe("<span>Save 3</span>");
  });

  test("children keep their positions, by which React identifies them", () => {
    const { props } = jsxs("p", { children: ["a", "b", icon] });
    expect(props).toHaveProperty("children.1", null);
    expect(props).toHaveProperty("children.2", icon);
  });

  test("an option holds text alone, and spaces between elements stay what they are", () => {
    expect(html(jsxs("option", { children: ["Kolkata (", false, "GMT", ")"] }))).toBe(
      "<option>Kolkata (GMT)</option>",
    );
    expect(html(jsxs("p", { children: [icon, " ", icon] }))).toBe("<p><svg></svg> <svg></svg></p>");
  });

  test("React's own function would leave it beside its neighbours", () => {
    expect(html(react.jsxs("button", { children: [icon, "Continue"] }))).toBe(
      "<button><svg></svg>Continue</button>",
    );
  });
});
