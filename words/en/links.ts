/** Labels of links that lead to the same page from many places. */
export const links = {
  sessions: "Go to my sessions",
  findMentor: "Find a mentor",
};
