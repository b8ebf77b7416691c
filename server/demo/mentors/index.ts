import type { DemoMentor } from "../demoTypes.ts";
import { mentorsOfTheAmericas } from "./americas.ts";
import { mentorsOfAsiaPacific } from "./asiaPacific.ts";
import { mentorsOfEuropeAndAfrica } from "./europeAfrica.ts";
import { mentorsOfIndia } from "./india.ts";

export const demoMentors: readonly DemoMentor[] = [
  ...mentorsOfIndia,
  ...mentorsOfAsiaPacific,
  ...mentorsOfEuropeAndAfrica,
  ...mentorsOfTheAmericas,
];
