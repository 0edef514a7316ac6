// How Allure 3 draws the report. Facts about the run come from `readiness.report.allure` through the environment:
// READINESS_REPORT is JSON with title, results folder of the report, history file, variables and accepted risks.
import { defineConfig } from "allure";

const run = JSON.parse(process.env.READINESS_REPORT ?? "{}");

const categories = [
  { name: "Criterion not met", matchers: { statuses: ["failed"] }, expand: true },
  { name: "Could not be measured", matchers: { statuses: ["broken"] }, groupByMessage: true, expand: true },
  { name: "Not verified", matchers: { statuses: ["skipped", "unknown"] }, groupByMessage: true, expand: true },
];

const charts = [
  { type: "currentStatus", title: "Scenarios by outcome" },
  { type: "statusDynamics", title: "Outcomes over the last runs" },
  { type: "testResultSeverities", title: "Outcomes by severity" },
  { type: "durations", title: "How long scenarios took" },
];

export default defineConfig({
  name: run.title ?? "Production readiness",
  output: run.output ?? "./results/report",
  historyPath: run.history ?? "./.readiness/history.jsonl",
  historyLimit: 50,
  variables: run.variables ?? {},
  categories: { rules: categories },
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        groupBy: ["epic", "feature", "story"],
        defaultSortBy: "name,asc",
        reportLanguage: "en",
        charts,
      },
    },
  },
});
