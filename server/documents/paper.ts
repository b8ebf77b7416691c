/** What is on a document, in order, as text: the page and the PDF both lay it out. */
export interface Paper {
  /** BCP 47 tag. */
  language: string;
  title: string;
  subtitle: string | null;
  /** Of the file and the window. */
  name: string;
  /** Across the top of a document that is not valid. */
  warning: string | null;
  facts: readonly LabelledText[];
  parties: readonly Party[];
  table: { caption: string; description: string; amount: string; lines: readonly Line[] };
  /** Below the lines: taxes. */
  subtotals: readonly LabelledText[];
  total: LabelledText;
  inWords: LabelledText;
  payment: readonly LabelledText[];
  notes: readonly string[];
  /** For the PDF, which links to the page, and says so when it lacks letters. */
  pageLink: { text: string; url: string; lettersMissing: string };
  /** For the page. */
  pdfLink: { text: string; url: string };
}

export interface LabelledText {
  label: string;
  text: string;
}

/** @param lines the name comes first */
export interface Party {
  label: string;
  lines: readonly string[];
}

export interface Line {
  text: string;
  detail: string | null;
  amount: string;
}
