/** Reads the project's own source for the sentences in it: those outside the catalogues, and entries that nothing uses. */
import { ts } from "@ts-morph/common";

export interface Found {
  line: number;
  text: string;
}

/** Attributes of JSX whose text a person reads or hears. */
const readAttributes =
  /^(?!enterKeyHint$)(aria-label|aria-description|aria-roledescription|aria-valuetext|alt|title|label|placeholder|description|hint|heading|summary|message|confirm|cancel|action|legend|caption|name of|children|[a-z]\w*(Label|Title|Text|Message|Hint))$/;

/**
 * Calls whose text only a developer or an operator reads: errors that are defects, logs, documentation of the API, and
 * `unknown()` and `MeetingProblem`: a provider's answer that is asked for again.
 */
const forDevelopers =
  /^(Error|TypeError|RangeError|StartupError|ProviderUnclear|MeetingProblem|unknown|console\.\w+|(\w+\.)*\w*[lL]og(ger)?(\.\w+|\[.*\])|.*\.(describe|meta)|gauge|describe|it|test|expect)$/;
/** Properties and variables of the server and the contract that document the API or name a metric, if they are plain text. */
const documentation = new Set(["summary", "description", "operationId", "tags", "help", "reason", "purpose"]);
const hasDocumentation = /^(server|contract)\//;

/** Sentences in a file of source. A sentence is text of JSX, or a literal of several words that begins with a capital. */
export function sentencesIn(path: string, source: string): Found[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kindOf(path));
  const found: Found[] = [];
  const add = (node: ts.Node, text: string) =>
    found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: text.trim() });

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (isForDevelopers(node) || (hasDocumentation.test(path) && isDocumentation(node))) return;
    if (ts.isJsxText(node)) {
      if (/\p{L}/u.test(node.text)) add(node, node.text);
    } else if (ts.isJsxAttribute(node)) {
      const value = node.initializer;
      if (value && ts.isStringLiteral(value)) {
        if (readAttributes.test(node.name.getText()) && /\p{L}/u.test(value.text)) add(value, value.text);
        return;
      }
    } else if (ts.isStringLiteralLike(node)) {
      if (isSentence(node.text)) add(node, node.text);
    } else if (ts.isTemplateExpression(node)) {
      const text = node.head.text + node.templateSpans.map((span) => `{}${span.literal.text}`).join("");
      if (isSentence(text)) add(node, text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** In .ts a type parameter is no element: `get: <T>(path) => …`. */
function kindOf(path: string): ts.ScriptKind {
  return path.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
}

function isSentence(text: string): boolean {
  return (
    /^[“"‘(]?(\p{Lu}|\{\})\S* ?.*\p{Ll}{2}/u.test(text) &&
    /\S \S/.test(text) &&
    !/[<>=;]|,(sans-serif|monospace)$|^select |\bfrom \w+\b.*\bwhere\b/i.test(text) &&
    !/^(GET|POST|PUT|PATCH|DELETE) \/|^(Bearer|Basic) \{\}$|^String \{[\da-f-]{36}\} Name \w+$/.test(text)
  );
}

function isForDevelopers(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node))
    return forDevelopers.test(node.expression.getText().replace(/\s+/g, ""));
  return false;
}

function isDocumentation(node: ts.Node): boolean {
  const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
  return (
    isNamed &&
    ts.isIdentifier(node.name) &&
    documentation.has(node.name.text) &&
    !(node.initializer && ts.isCallExpression(node.initializer))
  );
}

/** The entries of a catalogue file as "group.entry", or "name" where an export is a single sentence. */
export function entriesOf(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const entries: string[] = [];
  for (const statement of file.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name) entries.push(statement.name.text);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name)) continue;
      if (initializer && ts.isObjectLiteralExpression(initializer))
        entries.push(...keysOf(initializer).map((key) => `${name.text}.${key}`));
      else entries.push(name.text);
    }
  }
  return entries;
}

function keysOf(object: ts.ObjectLiteralExpression): string[] {
  return object.properties.flatMap((property) => {
    if (!property.name || !(ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))) return [];
    const key = property.name.text;
    const isGroup = ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer);
    return isGroup
      ? keysOf(property.initializer as ts.ObjectLiteralExpression).map((inner) => `${key}.${inner}`)
      : [key];
  });
}

/**
 * The entries that no source uses. An entry is used by name (`group.entry`), and all entries of a group are when the group
 * is used as a whole: indexed by a value, passed on, or copied.
 */
export function unusedEntries(entries: readonly string[], sources: readonly string[]): string[] {
  const { paths, ends } = usedPaths(sources.map(withoutNames));
  return entries.filter((entry) => {
    if (paths.has(entry)) return false;
    const groups = entry.split(".").slice(0, -1);
    // A group before the last part is used as a whole when no name follows it.
    return !groups.some((_, at) => ends.has(groups.slice(0, at + 1).join(".")));
  });
}

/** What sources name as `a.b?.c`, with each part of it: all of them, and those that no further name follows. */
function usedPaths(sources: readonly string[]): { paths: Set<string>; ends: Set<string> } {
  const paths = new Set<string>();
  const ends = new Set<string>();
  for (const source of sources) {
    for (const [chain] of source.matchAll(/(?<![\w$"'])[A-Za-z_$][\w$]*(?:\??\.\w[\w$]*)*/g)) {
      const names = chain.replaceAll("?", "").split(".");
      for (let first = 0; first < names.length; first++) {
        let path = names[first] ?? "";
        paths.add(path);
        for (const name of names.slice(first + 1)) {
          path += `.${name}`;
          paths.add(path);
        }
        ends.add(path);
      }
    }
  }
  return { paths, ends };
}

/** A source without its imports and without the names that it exports: both name an entry and use none. */
function withoutNames(source: string): string {
  return source.replace(/^import [^;]*;/gm, "").replace(/^export (const|function) \w+/gm, "");
}
