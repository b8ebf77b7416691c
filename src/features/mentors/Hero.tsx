import { mentorSearch } from "#words/mentorSearch.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";

/** What MatePeak is, in one line, and the search. */
export function Hero({ children }: { children: React.ReactNode }) {
  return (
    <section className="relative overflow-hidden border-b border-line bg-[radial-gradient(60rem_28rem_at_78%_110%,var(--accent-soft),transparent_70%),radial-gradient(50rem_26rem_at_8%_-20%,var(--primary-soft),transparent_70%)]">
      <Horizon />
      <div className="page relative pt-12 pb-16 sm:pt-20 sm:pb-24">
        <PageHeading title={mentorSearch.page} size="display" className="max-w-3xl">
          {withElements(mentorSearch.hero, {
            promise: <span className="text-primary-text">{mentorSearch.promise}</span>,
          })}
        </PageHeading>
        <p className="mt-4 max-w-xl text-lg text-ink-soft">{mentorSearch.lead}</p>
        <div className="mt-8 max-w-2xl">{children}</div>
      </div>
    </section>
  );
}

function Horizon() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 600 220"
      preserveAspectRatio="xMaxYMax meet"
      className="absolute right-0 bottom-0 h-[54%] max-w-none opacity-90 max-md:h-24 max-md:opacity-50"
    >
      <circle cx="470" cy="86" r="34" className="fill-accent" />
      <path d="M120 220 262 92l62 56 26-22 96 94z" className="fill-[light-dark(#f2e7f5,#35273f)]" />
      <path d="m262 92 62 56-28 18-22-16-24 22-14-18z" className="fill-[light-dark(#fff,#6d5a78)]" />
      <path d="m300 220 132-108 150 108z" className="fill-primary opacity-25" />
    </svg>
  );
}
