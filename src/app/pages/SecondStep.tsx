import { secondStep } from "#words/signIn.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import SecondStepForm from "@/features/accounts/SecondStepForm.tsx";
import { paths } from "@/lib/paths.ts";
import { Link, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { withElements } from "@/ui/withElements.tsx";

/** After a password or Google, for people with two-factor sign-in. */
export default function SecondStep() {
  const [search] = useSearchParams();
  const { state } = useLocation();
  return (
    <AccountPage
      title={secondStep.title}
      lead={withElements(secondStep.again, {
        signInAgain: (
          <Link
            to={paths.signIn(search.get("next") ?? undefined)}
            state={state}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            {secondStep.signInAgain}
          </Link>
        ),
      })}
    >
      <SecondStepForm />
    </AccountPage>
  );
}
