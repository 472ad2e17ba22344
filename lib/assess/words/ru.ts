/** Russian words of the dictionary in both cases that columns use, and in the Latin letters they are often typed in. */
import type { Words } from '../dictionary.ts';

export const RU: Words = {
  password:
    'пароль, пароля, пароли, хеш пароля, хэш пароля, пароль хеш, пароль хэш, пароль пользователя, кодовое слово, соль пароля, parol, parol hash, hash parolya, parolya, parol polzovatelya, kodovoe slovo',
  'access token':
    'токен доступа, токен обновления, токен пользователя, ключ доступа, token dostupa, klyuch dostupa, kluch dostupa',
  'api token': 'ключ api, api ключ, секрет api, klyuch api, api klyuch',
  'private key':
    'секретный ключ, закрытый ключ, приватный ключ, ключ шифрования, sekretnyi klyuch, zakrytyi klyuch, sekretniy kluch',
  'one-time code': 'код подтверждения, одноразовый код, kod podtverzhdeniya',
  'security answer': 'секретный вопрос, секретный ответ, контрольный вопрос, девичья фамилия матери, sekretniy vopros',
  pin: 'пин код, пинкод, pin kod',
  email:
    'почта, электронная почта, эл почта, адрес почты, адрес электронной почты, имейл, емейл, мейл, email адрес, pochta, elektronnaya pochta, adres pochty, elektronnyy adres, электронный адрес',
  phone:
    'телефон, телефона, телефоны, номер телефона, мобильный телефон, мобильный номер, сотовый, сотовый телефон, рабочий телефон, домашний телефон, контактный телефон, тел, nomer telefona, mobilnyy telefon, telefon mobilnyi, kontaktnyi telefon, sotovyi',
  'personal name':
    'имя, имени, фамилия, фамилии, отчество, фио, полное имя, имя клиента, имя сотрудника, имя фамилия, девичья фамилия, гражданство, fio, familiya, familia, imya, imia, otchestvo, polnoe imya, imya klienta, imya familiya, grazhdanstvo',
  username: 'имя пользователя, логин, логин пользователя, imya polzovatelya, login polzovatelya',
  nickname: 'никнейм, ник, псевдоним, prozvishche',
  'date of birth':
    'дата рождения, день рождения, год рождения, д р, data rozhdeniya, data rojdeniya, data rozhdenia, den rozhdeniya, god rozhdeniya',
  age: 'возраст, vozrast',
  gender: 'пол клиента, пол пациента, пол пользователя',
  'home address':
    'адрес, адреса, адрес проживания, адрес регистрации, домашний адрес, адрес доставки, фактический адрес, юридический адрес, почтовый адрес, улица, дом квартира, номер дома, номер квартиры, место жительства, место рождения, населенный пункт, прописка, adres prozhivaniya, adres dostavki, adres registratsii, domashniy adres, pochtovyy adres, ulitsa, ulica, mesto zhitelstva, mesto rozhdeniya, propiska, nomer doma',
  address: 'adres',
  postcode: 'почтовый индекс, pochtovyy indeks, pochtovyi indeks',
  city: 'город, область, район, страна, gorod, oblast, rayon, strana, индекс, indeks',
  coordinates:
    'широта, долгота, координаты, геолокация, местоположение, геопозиция, shirota, dolgota, koordinaty, geolokatsiya, mestopolozhenie',
  passport:
    'паспорт, паспорта, номер паспорта, серия паспорта, паспортные данные, загранпаспорт, серия и номер паспорта, pasport, nomer pasporta, seriya pasporta, pasportnye dannye, pasporta',
  'tax id': 'инн, номер инн, огрнип, inn nomer, nomer inn',
  'social security number': 'снилс, номер снилс, snils, nomer snils',
  'national id':
    'удостоверение личности, номер удостоверения, документ удостоверяющий личность, udostoverenie lichnosti',
  'driving licence':
    'водительские права, водительское удостоверение, номер прав, гос номер, госномер, номер автомобиля, voditelskie prava, voditelskoe udostoverenie, gosnomer',
  'bank account':
    'номер счета, счет, банковский счет, расчетный счет, лицевой счет, реквизиты, бик, баланс счета, nomer scheta, bankovskiy schet, bankovskii schet, raschetnyi schet, rekvizity',
  'card number':
    'номер карты, банковская карта, кредитная карта, номер банковской карты, держатель карты, nomer karty, bankovskaya karta, kreditnaya karta, nomer bankovskoy karty',
  salary:
    'зарплата, заработная плата, оклад, доход, доходы, пенсия, премия, zarplata, oklad, dokhod, dohod, zarabotnaya plata',
  invoice: 'счет фактура, schet faktura',
  payment: 'платеж, способ оплаты, platezh, sposob oplaty',
  insurance: 'страховой полис, номер полиса, полис омс, polis oms, nomer polisa, strakhovoy polis',
  diagnosis:
    'диагноз, диагноза, диагнозы, болезнь, заболевание, заболевания, болезни, инвалидность, беременность, симптомы, хронические заболевания, diagnoz, bolezn, zabolevanie, zabolevaniya, invalidnost, beremennost, simptomy',
  medication: 'лекарство, лекарства, рецепт врача, препараты, прививка, прививки, lekarstvo, lekarstva, privivki',
  vitals:
    'группа крови, давление крови, артериальное давление, пульс, сахар крови, gruppa krovi, davlenie krovi, arterialnoe davlenie, puls',
  'body metrics': 'вес тела, масса тела, рост вес, вес рост, ves tela, massa tela, ves rost, rost ves',
  'height or weight': 'вес, рост, ves, rost',
  allergy: 'аллергия, аллергии, allergiya, allergii',
  'medical record':
    'медкарта, медицинская карта, история болезни, результаты анализов, анамнез, medkarta, meditsinskaya karta, istoriya bolezni, anamnez, rezultaty analizov',
  patient: 'пациент, имя пациента',
  biometrics: 'биометрия, отпечаток пальца, отпечатки пальцев, biometriya, otpechatok paltsa, otpechatki paltsev',
  religion: 'религия, вероисповедание, religiya, veroispovedanie',
  ethnicity: 'национальность, этническая принадлежность, natsionalnost, nacionalnost',
  politics: 'политические взгляды, политическая партия, партийность, politicheskie vzglyady, partiynost',
  orientation: 'сексуальная ориентация, seksualnaya orientatsiya',
  union: 'профсоюз, членство в профсоюзе, profsoyuz',
  'criminal record': 'судимость, судимости, sudimost',
  'marital status': 'семейное положение, должность, профессия, semeynoe polozhenie, dolzhnost, professiya',
  photo: 'фото, фотография, фото профиля, аватар, foto profilya, fotografiya, avatarka',
  recording: 'запись разговора, запись звонка, zapis razgovora, zapis zvonka',
  'ip address': 'ip адрес, айпи, ip adres, айпи адрес',
  'mac address': 'mac адрес, мак адрес, mac adres',
  'serial number': 'серийный номер, seriynyy nomer, seriynyi nomer',
  'device id': 'ид устройства, id устройства, id ustroystva',
  'login times':
    'последний вход, дата входа, время входа, последняя активность, posledniy vkhod, data vhoda, posledniy vhod, vremya vhoda',
  'activity history': 'история поиска, история заказов, история покупок, istoriya poiska',
  'child data':
    'имя ребенка, фио ребенка, возраст ребенка, дата рождения ребенка, imya rebenka, fio rebenka, vozrast rebenka',
  guardian: 'опекун, законный представитель, фио родителя, телефон родителя, opekun, fio roditelya, telefon roditelya',
  school: 'школа, детский сад, номер школы, shkola, detskiy sad, nomer shkoly',
  contract: 'договор, номер договора, dogovor, nomer dogovora',
  'phone, short': 'мобильный, mobilniy',
  token: 'токен',
  sex: 'пол',
  'ethnicity, short': 'раса',
};
