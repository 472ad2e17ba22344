import type { CollectionTag, ScalarTag, Tags } from 'yaml';

/** CloudFormation's short forms as the long ones: `!Ref a` as `{Ref: a}`, `!GetAtt a.b` as `{Fn::GetAtt: [a, b]}`. */
export const cloudFormationTags: Tags = ['Ref', 'Sub', 'GetAtt', 'Equals', 'Not', 'And', 'If'].flatMap((name) => {
  const key = name === 'Ref' ? name : `Fn::${name}`;
  const scalar: ScalarTag = {
    tag: `!${name}`,
    resolve: (text) => ({ [key]: name === 'GetAtt' ? text.split('.') : text }),
  };
  const sequence: CollectionTag = {
    tag: `!${name}`,
    collection: 'seq',
    resolve: (items) => ({ [key]: items.toJSON() as unknown }),
  };
  return [scalar, sequence];
});
