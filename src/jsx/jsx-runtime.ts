import type { ElementType, Key } from "react";
import * as react from "react/jsx-runtime";
import { withLoneText, withOwnElements } from "./ownElements.ts";

/** React's own JSX functions, called with text in its own elements. The compiler imports this file by its name. */

export type { JSX } from "react/jsx-runtime";
export const { Fragment } = react;

type Props = { readonly children?: unknown };

export function jsx(type: ElementType, props: Props, key?: Key) {
  return react.jsx(type, withLoneText(type, props), key);
}

export function jsxs(type: ElementType, props: Props, key?: Key) {
  const own = withOwnElements(type, props);
  // The children may have been joined into one text.
  return Array.isArray(own.children) ? react.jsxs(type, own, key) : react.jsx(type, own, key);
}
