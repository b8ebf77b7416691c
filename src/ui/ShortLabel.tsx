/** A short label on the screen, and its full form for screen readers, which hear it without the context around it. */
export function ShortLabel({ short, full }: { short: string; full: string }) {
  return (
    <>
      <span aria-hidden>{short}</span>
      <span className="sr-only">{full}</span>
    </>
  );
}
