/** Two peaks and one sun: two people, one hour. */
export function BrandMark({ className = "size-9" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" fill="#5a2273" />
      <circle cx="22.5" cy="9.5" r="3.5" fill="#f4b740" />
      <path d="M4 25 12 10l8 15z" fill="#fff" />
      <path d="m14 25 6.5-10L28 25z" fill="#f4b740" />
    </svg>
  );
}
