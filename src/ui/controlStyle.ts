/**
 * Classes of all text controls. The text has 16 px at least, or iOS zooms into the field; the scroll margin keeps a focused
 * field's message in view.
 */
export const controlStyle =
  "w-full min-w-0 scroll-my-24 rounded-control border border-line-strong bg-surface px-3.5 py-2.5 text-base text-ink shadow-[inset_0_1px_2px_var(--shade-soft)] transition-colors hover:border-primary focus-visible:border-primary disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-bad aria-invalid:bg-bad-soft";
