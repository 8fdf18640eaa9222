import type { Right } from '#lib/contract/rights.ts';

/** To run statements on one workgroup through the Redshift Data API, and to follow one's own. */
export const dataApiRights = (workgroupArn: string): Right[] => [
  {
    actions: ['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'],
    resources: [workgroupArn],
  },
  {
    actions: ['redshift-data:DescribeStatement', 'redshift-data:GetStatementResult', 'redshift-data:CancelStatement'],
    resources: ['*'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    conditions: { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
    wildcards: 'These calls have no resource type. The condition admits the statements that the caller itself began.',
  },
];
