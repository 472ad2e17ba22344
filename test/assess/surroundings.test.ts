/** lib/assess/surroundings.ts: of each list a few words, one at least of every language in it, and what they do to a name. */
import { describe, expect, it } from 'vitest';
import { classifyName, dataAtRisk } from '../../lib/assess/classify.ts';
import type { ContextName } from '../../lib/assess/dictionary.ts';
import { wordsOf } from '../../lib/assess/lexicon.ts';
import { placeOf } from '../../lib/assess/name-classes.ts';
import type { DataClass, Metadata } from '../../lib/model/observation.ts';

const said = (name: string, parents: readonly string[] = []): string =>
  classifyName(name, { parents })
    .map((hit) => hit.because)
    .join();

const words = (list: string): readonly string[] => list.split(' ');

describe('a word that settles what is under it', () => {
  it.each<[ContextName, string]>([
    ['person', 'user customer student candidate delivery citizen individual attendee usuario cliente paciente'],
    ['person', 'adherent salarie benutzer kunden funcionario aluno klant medewerker lid pacjent osoba kullanici'],
    ['person', 'musteriler calisan ogrenci пользователь клиента пациенты покупатель polzovateli sotrudnik patsient'],
    ['person', '顧客 会員 患者 ユーザ 生徒 kanja 用户 員工 学员 yonghu huiyuan 고객 학생 이용자 gogaek'],
    ['body', 'body fitness athlete workout'],
    ['device', 'device camera bulb station router adapter hardware appareil gerat apparaat'],
    ['auth', 'auth oauth smtp redis app account google slack webhook jenkins mfa'],
    ['money', 'card bank tax'],
  ])('settles that it is of a %s: %s', (context, list) => {
    expect(words(list).filter((word) => !placeOf([word]).settles.has(context))).toEqual([]);
  });
});

describe('a word that says what a whole index is', () => {
  it.each<[DataClass, string, string]>([
    ['contact', 'people', 'students klanten 会員 leads signups registration'],
    ['device', 'devices', 'cameras thermostats hub'],
    ['credential', 'logins', 'sessions logins auth'],
    ['health', 'health', 'health clinics fitness'],
    ['financial', 'payments', 'transactions billing bank'],
    ['business', 'orders', 'sales crm suppliers'],
    ['behaviour', 'activity', 'events clicks visits'],
  ])('%s, %s: %s', (dataClass, because, list) => {
    const without = words(list).filter((name) => {
      const objects: Metadata['objects'] = [{ name, kind: 'index', system: false }];
      const { classes } = dataAtRisk({ objects, truncated: false }, { rawNames: false });
      return !classes.some((hit) => hit.class === dataClass && hit.because.includes(because));
    });
    expect(without).toEqual([]);
  });
});

describe('a word that makes a remark of a name', () => {
  it.each([
    'count counter average ratio state verified',
    'confirmed enabled flag policy regex kind version',
    'template schema config settings length limit used sent',
    'recieved bounced server format required allowed unit subject',
    'queue provider service attempt failure retry reset rule',
    'validator parser encoder hint placeholder title position order',
    'theme lifespan expiration timeout ttl preference consent mode source',
    'blacklist allowlist range pool algorithm method port domain',
    'usage quota cost threshold interval level rank group role category',
    'library module plugin class test stat column scope prompt missing changed',
    'generator issuer audience plan option currency precision strategy width',
    'px ms depth offset bytes kb',
    'anzahl zustand cantidad estado quantite statut situacao quantita',
    'aantal soort ilosc liczba wersja rozmiar sayisi durum surum',
    'количество число версия размер длина kolichestvo versiya dlina',
    '有効期限 有效期 유효기간 件数 状態 種類 桁数 フラグ ステータス kensuu shubetsu 数量 状态 类型',
    '類型 次数 长度 是否 格式 总数 shuliang leixing 수 상태 횟수 길이 개수 sangtae',
  ])('at its end: %s', (list) => {
    expect(words(list).filter((word) => said(`email_${word}`) === 'email')).toEqual([]);
  });

  it.each([
    'is has number count total avg enable disable allow require can should show',
    'hide use no without check missing default include send',
    'type status format tipo estado stato статус вид anzahl quantidade aantal liczba количество 是否',
  ])('at its beginning: %s', (list) => {
    expect(words(list).filter((word) => said(`${word}_email`) === 'email')).toEqual([]);
  });

  it('but not where it only says which amount of a measure', () => {
    const amounts = words('avg average mean min max total rate ratio percent level index unit');
    expect(amounts.filter((word) => said(`heart_rate_${word}`) !== 'vitals')).toEqual([]);
    expect(amounts.filter((word) => said(`diagnosis_${word}`) !== '' && heads.has(word))).toEqual([]);
  });

  it('where it says where a secret is kept', () => {
    const keepers = words('path file filename dir directory folder arn location vault ring');
    expect(keepers.filter((word) => said(`password_${word}`) !== '')).toEqual([]);
    expect(keepers.filter((word) => said(`diagnosis_${word}`) === '')).toEqual([]);
  });

  it('where it says when', () => {
    const moments = words('at on date time timestamp ts expires created updated deleted datetime epoch since until');
    expect(moments.filter((word) => said(`password_${word}`) !== '')).toEqual([]);
    expect(moments.filter((word) => said(`invoice_${word}`) !== 'invoice')).toEqual([]);
  });
});

/** Of `amounts`, those that are also in the list of remarks. */
const heads = new Set(words('avg average min max total rate ratio percent level index unit'));

describe('a word that says nothing', () => {
  it.each([
    'value val raw plaintext text string old encrypted hash masked primary',
    'secondary data info list tmp backup copy prod dev staging',
    'current previous orig table collection db keyword the de la le',
    'el da di van der my all ids uuid archive snapshot detail',
    '番号 情報 信息 資料 编号 號碼 정보 번호 данные значение',
  ])('leaves a doubtful word as it is: %s', (list) => {
    expect(words(list).filter((word) => said(`pw_${word}`, ['users']) !== 'password')).toEqual([]);
    expect(said('pw_zz', ['users'])).toBe('');
  });

  it('and a word for a name or a key hides no remark before it', () => {
    expect(words('name key code ref url uri link').filter((word) => said(`email_template_${word}`) !== '')).toEqual([]);
    expect(said('email_zz')).toBe('email');
  });

  it('inside a phrase is passed over', () => {
    const stops = words('of de du des di da do del della van von la le el the の お и');
    expect(stops.filter((word) => said(`fecha_${word}_nacimiento`) !== 'date of birth')).toEqual([]);
    expect(said('fecha_zz_nacimiento')).toBe('');
  });
});

describe('a phrase that is harmless', () => {
  it.each<[string, string]>([
    ['primary key, partition key, public key, cache key, row key', 'users'],
    ['time zone, race condition, mac os, iphone', 'users'],
    ['base address, gpio pin, pan angle', 'users'],
    ['file name, column name, namespace, host group, model weight', 'users'],
    ['font weight, max token, prompt token, input token', 'users'],
    ['email address type, passage, message, line height', 'users'],
    ['user group, user interface, csrf token, cell type, cell line', 'users'],
    ['page orientation, device orientation, vaccine storage, union all', 'users'],
    ['tree height, child process, child count, minor version', 'users'],
    ['health check, service health, secret santa, session storage', 'users'],
    ['fingerprint ssh, data model, ip whitelist, passport js, token ring', 'users'],
    ['payment required, postal service, contract test, photo shop, home page', 'users'],
    ['disk encryption, pass rate, passthrough, compass, dashboard', 'users'],
    ['keyword, metadata, secretary, certificate fingerprint', 'users'],
    ['email service, mailchimp, phone gap, signature version', 'users'],
    ['school bus, sex ratio, political map, allergy free, wallet app', 'users'],
    ['cloudwatch, root device, referrer policy, token symbol, nft token', 'users'],
    ['resume token, next token, fencing token, jwt alg, subnet id, income statement', 'users'],
    ['net income, injury time, password age, auth header name, credential id, clip path', 'users'],
    ['city hall, union station, address space, network address translation', 'users'],
  ])('%s', (list, above) => {
    expect(list.split(', ').filter((phrase) => said(phrase, [above]) !== '')).toEqual([]);
  });
});

describe('a usual shortening', () => {
  it.each([
    ['no num nr nbr numero nummer numer numarasi nomer номер', 'number'],
    ['conn', 'connection'],
    ['acc acct', 'account'],
    ['addr adress', 'address'],
    ['usr', 'user'],
    ['cust', 'customer'],
    ['emp', 'employee'],
    ['ver', 'version'],
    ['tok tkn', 'token'],
    ['mob', 'mobile'],
    ['lic', 'license'],
    ['nm', 'name'],
    ['eml', 'email'],
    ['phn', 'phone'],
    ['fst', 'first'],
    ['mbr', 'member'],
    ['dt', 'date'],
    ['ln', 'line'],
    ['cd', 'code'],
    ['amt', 'amount'],
  ])('%s is %s', (list, word) => {
    expect(words(list).flatMap((short) => wordsOf(short))).toEqual(words(list).map(() => word));
  });
});
