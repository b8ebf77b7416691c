import { Compass } from "lucide-react";
import { notFound } from "#words/layout.ts";
import { links } from "#words/links.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

export default function NotFound() {
  return (
    <div className="page flex flex-col items-center gap-5 py-20 text-center">
      <span className="grid size-20 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
        <Compass aria-hidden className="size-10" />
      </span>
      <PageHeading title={notFound.title} />
      <p className="max-w-prose text-ink-soft">{notFound.detail}</p>
      <Link to={paths.home()} className={buttonVariants({ size: "lg" })}>
        {links.findMentor}
      </Link>
    </div>
  );
}
