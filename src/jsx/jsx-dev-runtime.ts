import type { ElementType, Key } from "react";
import * as react from "react/jsx-dev-runtime";
import { withLoneText, withOwnElements } from "./ownElements.ts";

/** `jsx-runtime.ts` for development, which also passes the source location to React. */

export type { JSX } from "react/jsx-dev-runtime";
export const { Fragment } = react;

type Props = { readonly children?: unknown };

export function jsxDEV(
  type: ElementType,
  props: Props,
  key: Key | undefined,
  isStatic: boolean,
  source?: react.JSXSource,
  self?: unknown,
) {
  const own = isStatic ? withOwnElements(type, props) : withLoneText(type, props);
  return react.jsxDEV(type, own, key, isStatic && Array.isArray(own.children), source, self);
}
