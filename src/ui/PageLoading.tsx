import { controls } from "#words/controls.ts";
import { Loading } from "./Spinner.tsx";

/** Shown while a page loads. */
export function PageLoading() {
  return (
    <div className="page">
      <PartLoading />
    </div>
  );
}

/** The same for a part of a page or of a dialog. */
export function PartLoading() {
  return (
    <div className="grid min-h-[60dvh] animate-late place-items-center">
      <Loading>{controls.loading}</Loading>
    </div>
  );
}
