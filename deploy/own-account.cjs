/**
 * ajar's own account, watched in ajar's own region: what deploy/member-account.yml makes, inside of ajar's own stack, so that
 * one account needs one command. Its parameters are what this stack knows already. CommonJS, because osls reads it.
 */
const VALUES = {
  HomeRegion: { Ref: 'AWS::Region' },
  HubBusArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
  ScannerRoleArns: ['PlanRole', 'CollectRole', 'ChangeRole'].map((role) => ({ 'Fn::GetAtt': [role, 'Arn'] })),
  ExternalId: { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] },
  OrganizationId: '${param:organization}',
};

function withValues(value) {
  if (Array.isArray(value)) return value.map(withValues);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.Ref === 'string' && value.Ref in VALUES) return VALUES[value.Ref];
  const [condition, yes] = value['Fn::If'] ?? [];
  if (condition === 'IsHome') return withValues(yes);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withValues(each)]));
}

module.exports = async ({ resolveVariable }) => {
  const { Resources } = await resolveVariable('file(deploy/member-account.yml)');
  // notify imports findings of this account as itself.
  const wanted = Object.entries(Resources).filter(([name]) => name !== 'FindingsRole');
  const resources = wanted.map(([name, { Type, Properties }]) => {
    const known = withValues(Properties);
    // Other accounts have nobody to tell; here there is the health topic.
    const told = { AlarmActions: [{ Ref: 'HealthTopic' }], OKActions: [{ Ref: 'HealthTopic' }] };
    const properties = Type === 'AWS::CloudWatch::Alarm' ? { ...known, ...told } : known;
    return [`Own${name}`, { Type, Condition: 'WatchesItself', Properties: renamed(properties, Resources) }];
  });
  return { Resources: Object.fromEntries(resources) };
};

/** References among them follow their new names. */
function renamed(value, resources) {
  if (Array.isArray(value)) return value.map((each) => renamed(each, resources));
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.Ref === 'string' && value.Ref in resources) return { Ref: `Own${value.Ref}` };
  const [name, attribute] = value['Fn::GetAtt'] ?? [];
  if (name in resources) return { 'Fn::GetAtt': [`Own${name}`, attribute] };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, resources)]));
}
