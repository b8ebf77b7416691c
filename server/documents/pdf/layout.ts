import { Document, Link, Page, StyleSheet, type Styles, Text, View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { LabelledText, Line, Paper, Party } from "../paper.ts";
import { families } from "./fonts.ts";

const ink = "#241a2b";
const soft = "#665a6b";
const line = "#d9cfc3";
const accent = "#5a2273";

const styles = StyleSheet.create({
  page: { padding: 48, fontFamily: families, fontSize: 10, lineHeight: 1.45, color: ink } as Styles[string],
  warning: {
    marginBottom: 18,
    padding: 8,
    border: "1.5pt solid #9a3412",
    color: "#7c2d12",
    fontWeight: 700,
  },
  title: { fontSize: 22, lineHeight: 1.2, fontWeight: 700, color: accent },
  facts: { flexDirection: "row", flexWrap: "wrap", marginTop: 14, marginBottom: 18 },
  fact: { marginRight: 28, marginBottom: 6 },
  label: { color: soft, fontSize: 9 },
  strong: { fontWeight: 700 },
  parties: { flexDirection: "row", marginBottom: 20 },
  party: { width: "50%", paddingRight: 16 },
  row: { flexDirection: "row", borderBottom: `0.75pt solid ${line}`, paddingVertical: 6 },
  lastRow: { flexDirection: "row", borderBottom: `1.5pt solid ${ink}`, paddingVertical: 6 },
  what: { flexGrow: 1, flexShrink: 1, flexBasis: 0, paddingRight: 16 },
  amount: { width: 120, textAlign: "right" },
  payment: { marginTop: 16 },
  notes: { marginTop: 22, color: soft, fontSize: 9 },
  link: { color: accent },
});

/** A document on A4. The text is not tagged for screen readers, so the page is linked. */
export function layOut(paper: Paper, lacksLetters: boolean) {
  const { language, title, subtitle, name, warning, facts, parties, payment, inWords, notes } = paper;
  return h(
    Document,
    { title: name, language, creator: "MatePeak", producer: "MatePeak" },
    h(
      Page,
      { size: "A4", style: styles.page },
      warning && h(Text, { style: styles.warning }, warning),
      h(Text, { style: styles.title }, title),
      subtitle && h(Text, null, subtitle),
      h(View, { style: styles.facts }, ...facts.map((one) => pair(one, styles.fact, styles.strong))),
      h(View, { style: styles.parties }, ...parties.map(partyBlock)),
      h(
        View,
        { style: styles.row },
        h(Text, { style: [styles.what, styles.label] }, paper.table.description),
        h(Text, { style: [styles.amount, styles.label] }, paper.table.amount),
      ),
      ...paper.table.lines.map(lineRow),
      ...paper.subtotals.map((one) => sumRow(one, styles.row)),
      sumRow(paper.total, [styles.lastRow, styles.strong]),
      h(View, { style: styles.payment }, ...[inWords, ...payment].map((one) => pair(one, styles.fact))),
      h(
        View,
        { style: styles.notes },
        ...notes.map((note) => h(Text, { key: note }, note)),
        pageLink(paper, lacksLetters),
      ),
    ),
  );
}

type Style = Styles[string] | Styles[string][] | undefined;

function pair({ label, text }: LabelledText, style: Style, textStyle?: Style) {
  return h(
    View,
    { style, key: label },
    h(Text, { style: styles.label }, label),
    h(Text, textStyle ? { style: textStyle } : null, text),
  );
}

function partyBlock({ label, lines }: Party) {
  const [name, ...rest] = lines;
  return h(
    View,
    { style: styles.party, key: label },
    h(Text, { style: styles.label }, label),
    h(Text, { style: styles.strong }, name),
    ...rest.map((text, index) => h(Text, { key: index }, text)),
  );
}

function lineRow({ text, detail, amount }: Line, index: number) {
  return h(
    View,
    { style: styles.row, wrap: false, key: index },
    h(
      View,
      { style: styles.what },
      h(Text, null, text),
      detail === null ? null : h(Text, { style: styles.label }, detail),
    ),
    h(Text, { style: styles.amount }, amount),
  );
}

function sumRow({ label, text }: LabelledText, style: Style) {
  return h(
    View,
    { style, wrap: false, key: label },
    h(Text, { style: styles.what }, label),
    h(Text, { style: styles.amount }, text),
  );
}

function pageLink({ pageLink: { text, url, lettersMissing } }: Paper, lacksLetters: boolean) {
  const link = h(Link, { src: url, style: styles.link }, text);
  return lacksLetters ? h(Text, null, `${lettersMissing} `, link) : link;
}
