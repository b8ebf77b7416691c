import { Loading } from "@/components/ui/Spinner";

export function PageLoading() {
  return (
    <div className="page grid min-h-[60dvh] animate-late place-items-center">
      <Loading>Loading…</Loading>
    </div>
  );
}
