import { Compass } from "lucide-react";
import { Link } from "react-router";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

export default function NotFound() {
  return (
    <div className="page flex flex-col items-center gap-5 py-20 text-center">
      <span className="grid size-20 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
        <Compass aria-hidden className="size-10" />
      </span>
      <PageHeading title="This page is off the map" />
      <p className="max-w-prose text-ink-soft">The address may be mistyped, or what was here has moved on.</p>
      <Link to={paths.home()} className={buttonVariants({ size: "lg" })}>
        Find a mentor
      </Link>
    </div>
  );
}
