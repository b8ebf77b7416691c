import { Loading } from "@/components/ui/Spinner";

/** As high as the window: the footer waits below it, and does not jump when the page is there. */
export function PageLoading() {
  return (
    <div className="page min-h-dvh">
      <PartLoading />
    </div>
  );
}

/** The same for a part of a page or of a dialog. */
export function PartLoading() {
  return (
    <div className="grid min-h-[60dvh] animate-late place-items-center">
      <Loading>Loading…</Loading>
    </div>
  );
}
