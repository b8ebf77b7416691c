import { Fragment, type ReactNode } from "react";

type Parts<Name extends string> = Readonly<Record<Name, string>>;

/**
 * A sentence of the catalogues with elements in place of some of its parts: the catalogue keeps the whole sentence, in
 * the order of its language, and the page decides what is bold or a link.
 *
 *     withElements(accounts.signedInAs, { email: <strong>{email}</strong> })
 */
export function withElements<Name extends string>(
  sentence: (parts: Parts<Name>) => string,
  elements: Readonly<Record<Name, ReactNode>>,
): ReactNode {
  const names = Object.keys(elements) as Name[];
  const marks = Object.fromEntries(names.map((name) => [name, `${MARK}${name}${MARK}`])) as Parts<Name>;
  return sentence(marks)
    .split(MARK)
    .map((piece, at) => {
      // Between two marks there is a name.
      const content = at % 2 === 1 ? elements[piece as Name] : piece;
      // The order of the pieces never changes while they are shown.
      // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is a fixed list
      return <Fragment key={at}>{content}</Fragment>;
    });
}

/** A noncharacter: no sentence contains it. */
const MARK = "\uFFFF";
