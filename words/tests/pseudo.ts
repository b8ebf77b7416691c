/** A language made of English: the same catalogues with every letter of their texts changed. */
import { ts } from "@ts-morph/common";

const accents: Readonly<Record<string, string>> = {
  a: "á",
  c: "ç",
  e: "ë",
  i: "ï",
  n: "ñ",
  o: "ö",
  s: "š",
  u: "ü",
  A: "Á",
  E: "Ë",
  I: "Ï",
  O: "Ö",
  S: "Š",
  U: "Ü",
};

export function pseudo(text: string): string {
  return text.replace(/[aceinosuAEIOSU]/g, (letter) => accents[letter] ?? letter);
}

/** The source of a catalogue in the pseudo-language. Only texts change: keys, comparisons and indices stay. */
export function pseudoSource(source: string): string {
  const file = ts.createSourceFile("catalogue.ts", source, ts.ScriptTarget.Latest, true);
  const edits: { start: number; end: number; text: string }[] = [];
  const replace = (node: ts.Node, text: string) =>
    edits.push({ start: node.getStart(), end: node.getEnd(), text });

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map(({ literal }) => literal)])
        replace(part, pseudo(part.getText()));
      for (const { expression } of node.templateSpans) visit(expression);
      return;
    }
    if (ts.isStringLiteralLike(node)) {
      if (isText(node)) replace(node, pseudo(node.getText()));
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}

/** A literal that a person reads, and not one that code compares or looks up. */
function isText({ parent }: ts.StringLiteralLike): boolean {
  if (ts.isElementAccessExpression(parent) || ts.isCallExpression(parent) || ts.isCaseClause(parent))
    return false;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return true;
  return !(ts.isBinaryExpression(parent) && comparisons.has(parent.operatorToken.kind));
}

const comparisons: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
