import { Check } from "lucide-react";
import { accountDeletedPage } from "#words/personalData.ts";
import { cn } from "@/lib/classNames.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

/** After the deletion of one's account. */
export default function AccountDeleted() {
  return (
    <div className="page max-w-lg py-16 text-center">
      <Check
        aria-hidden
        className="mx-auto mb-4 size-12 rounded-full bg-primary-soft p-2.5 text-primary-text"
      />
      <PageHeading title={accountDeletedPage.title} />
      <p className="mt-3 text-ink-soft">{accountDeletedPage.text}</p>
      <Link to={paths.home()} className={cn(buttonVariants(), "mt-8")}>
        {accountDeletedPage.home}
      </Link>
    </div>
  );
}
