import { type ElementType, Fragment } from "react";
import { jsx } from "react/jsx-runtime";

/**
 * Wraps text that has siblings in its own element. A browser's translation replaces text nodes, so React must never
 * remove one, insert before one or change one: it may only set the whole text of an element.
 * See docs/decisions/0034-text-in-its-own-element.md.
 */

type Props = { readonly children?: unknown };

/** Elements from which a parser would remove a <span>. */
const textOnly: ReadonlySet<ElementType> = new Set<ElementType>(["option", "textarea", "title"]);

/** The props of an element with one child. Only a fragment's lone text may get siblings later, in the parent. */
export function withLoneText<P extends Props>(type: ElementType, props: P): P {
  return type === Fragment && isWordText(props.children)
    ? { ...props, children: inSpan(props.children) }
    : props;
}

/** The props of an element with several children in fixed positions. */
export function withOwnElements<P extends Props>(type: ElementType, props: P): P {
  if (!Array.isArray(props.children) || !props.children.some(isText)) return props;
  const children = joinNeighbours(props.children);
  if (textOnly.has(type) || props.children.every(isText)) return { ...props, children: lone(type, children) };
  return { ...props, children: children.map((child) => (isWordText(child) ? inSpan(child) : child)) };
}

/** `["Step ", 2, " of ", 3, <Icon/>]` -> `["Step 2 of 3", null, null, null, <Icon/>]`: React identifies children by position. */
function joinNeighbours(children: readonly unknown[]): unknown[] {
  const joined: unknown[] = [];
  let start = -1;
  children.forEach((child, place) => {
    if (isText(child)) {
      joined[place] = start === -1 ? String(child) : null;
      if (start === -1) start = place;
      else joined[start] = `${joined[start]}${child}`;
    } else {
      joined[place] = child;
      if (!isEmpty(child)) start = -1;
    }
  });
  return joined;
}

function lone(type: ElementType, children: readonly unknown[]): unknown {
  const filled = children.filter((child) => !isEmpty(child));
  const only = filled.length === 1 ? filled[0] : filled;
  return type === Fragment && isWordText(only) ? inSpan(only) : only;
}

function inSpan(children: unknown) {
  return jsx("span", { children });
}

function isText(child: unknown): child is string | number {
  return typeof child === "string" || typeof child === "number";
}

/** Spaces between elements are not translated. */
function isWordText(child: unknown): boolean {
  return isText(child) && /\S/.test(String(child));
}

function isEmpty(child: unknown): boolean {
  return child === null || child === undefined || typeof child === "boolean";
}
