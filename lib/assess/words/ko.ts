/** Korean words of the dictionary and their usual spellings in Latin letters. */
import type { Words } from '../dictionary.ts';

export const KO: Words = {
  password:
    '비밀번호, 패스워드, 비번, 암호, 비밀번호해시, 로그인비밀번호, 결제비밀번호, 계정비밀번호, bimilbeonho, bimil beonho, bimilbunho, paeseuwodeu',
  'access token': '액세스토큰, 접근토큰, 인증토큰, 갱신토큰, 리프레시토큰, 인증키, 접속토큰, 로그인토큰',
  'api token': 'api키, api비밀키, api토큰',
  'private key': '비밀키, 개인키, 암호화키, 시크릿키, 서명키',
  'one-time code': '인증번호, 인증코드, 일회용비밀번호, 보안코드',
  'security answer': '비밀번호찾기질문, 비밀번호힌트, 본인확인질문, 보안질문',
  session: '세션아이디, 세션토큰',
  email: '이메일, 이메일주소, 전자우편, 메일주소, 메일, 전자메일, imeil, imeil juso',
  phone:
    '전화번호, 전화, 휴대폰, 휴대폰번호, 휴대전화, 휴대전화번호, 핸드폰, 핸드폰번호, 연락처, 집전화, 집전화번호, 비상연락처, 팩스번호, 비상연락망, 회사전화번호, 휴대번호, jeonhwa, jeonhwabeonho, jeonhwa beonho, hyudaepon, haendeupon, yeollakcheo',
  'personal name':
    '이름, 성명, 성함, 성씨, 실명, 고객명, 고객이름, 회원명, 회원이름, 수령인, 수취인, 예금주명, 사원명, 직원명, 환자명, 영문이름, 한글이름, 수령자, 받는사람, 담당자명, 국적, 영문명, 대표자명, 보호자성명, ireum, irum, seongmyeong, seongham, gogaek myeong, gukjeok',
  username: '사용자이름, 사용자명, 로그인아이디, 유저명, 계정명, 회원아이디, 사용자아이디, sayongja ireum, aidi',
  nickname: '닉네임, 별명, 별칭, 대화명, byeolmyeong, nikneim',
  'date of birth': '생년월일, 생일, 출생일, 출생년도, 출생연도, 생년, saengnyeonworil, saengnyeonwolil, saengil',
  age: '나이, 연령, nai',
  gender: '성별, seongbyeol',
  'home address':
    '주소, 집주소, 자택주소, 배송지, 배송지주소, 상세주소, 도로명주소, 지번주소, 거주지, 기본주소, 배송주소, 청구지주소, 출생지, 본적, 회사주소, 직장주소, 우편주소, 실거주지, juso, jip juso, sangse juso, baesongji',
  postcode: '우편번호, upyeonbeonho, upyeon beonho',
  city: '도시, 시도, 시군구',
  coordinates: '위도, 경도, 좌표, 위치정보, 현재위치, 위치좌표, wido, gyeongdo, wichi jeongbo',
  'national id':
    '주민등록번호, 주민번호, 주민등록, 신분증, 신분증번호, 외국인등록번호, 외국인번호, 여권외국인번호, jumin beonho, juminbeonho, jumindeungnokbeonho, jumin deungnok beonho, jumin no',
  'tax id': '사업자등록번호, 납세자번호, 사업자번호',
  'social security number': '사회보장번호, 건강보험번호, 건강보험증번호, 국민연금번호',
  passport: '여권, 여권번호, yeogwon, yeogwonbeonho, yeogwon beonho',
  'driving licence':
    '운전면허, 운전면허번호, 운전면허증, 면허번호, 면허증번호, 차량번호, 운전면허증번호, 차량등록번호, 자동차번호, unjeon myeonheo, charyang beonho',
  'bank account':
    '계좌번호, 은행계좌, 계좌, 예금주, 은행명, 환불계좌, 통장번호, 계좌잔액, 환불계좌번호, 입금계좌, gyejwa, gyejwabeonho, gyejwa beonho',
  'card number':
    '카드번호, 신용카드, 신용카드번호, 체크카드, 체크카드번호, 카드소유자, 카드사, 카드명의자, kadeu beonho, sinyong kadeu',
  'card code': '카드유효기간, 카드비밀번호, 카드cvc',
  salary:
    '급여, 연봉, 월급, 소득, 월소득, 연소득, 임금, 보너스, 기본급, 상여금, 신용등급, 신용점수, geubyeo, yeonbong, wolgeup',
  invoice: '청구서, 세금계산서',
  payment: '결제수단, 결제정보, 결제방법',
  insurance: '보험증권번호, 보험번호, 증권번호',
  diagnosis:
    '진단명, 진단, 병명, 질병, 증상, 병력, 장애등급, 임신여부, 질환, 과거병력, 가족력, 질병명, 상병명, 진단코드, jindan, byeongmyeong, jilbyeong',
  medication: '처방전, 처방, 약물, 투약, 복용약, 예방접종, 백신, 복용약물, 약품명, cheobang, cheobangjeon',
  vitals: '혈액형, 혈압, 심박수, 맥박, 체온, 혈당, hyeoraekhyeong, hyeorap',
  'body metrics': '체중, 신장체중, 몸무게, 체지방, 체지방률, 골밀도, 근육량, 체질량지수, 허리둘레, mommuge, chejung',
  'height or weight': '키, 신장',
  allergy: '알레르기, 알러지',
  'medical record':
    '진료기록, 의무기록, 검사결과, 건강검진, 건강상태, 환자번호, 진료내역, 차트번호, 건강정보, jillyo girok',
  genetics: '유전자, 유전정보',
  biometrics: '지문, 안면인식, 얼굴인식, 홍채, 생체정보, jimun',
  religion: '종교, jonggyo',
  ethnicity: '인종, 민족, injong',
  politics: '정치성향, 정당, 정치적견해, 소속정당',
  union: '노동조합, 노조가입, 노조가입여부',
  orientation: '성적지향, 성정체성',
  'criminal record': '범죄경력, 전과, 범죄기록',
  'marital status': '결혼여부, 혼인상태, 직업, 배우자, 혼인여부, 직책, 배우자명, gyeolhon yeobu, jigeop',
  photo: '프로필사진, 사진, 얼굴사진, 증명사진, 신분증사진, 프로필이미지',
  recording: '통화녹음, 녹음, 녹취, 녹음파일',
  'ip address': 'ip주소, 아이피, 아이피주소, 접속ip',
  'mac address': 'mac주소, 맥주소',
  'serial number': '일련번호, 시리얼번호',
  'device id': '기기아이디, 단말기번호, 디바이스아이디, 기기번호, 기기식별번호',
  'device model': '기기명, 단말기명, 기종',
  'login times':
    '마지막로그인, 최근접속일, 로그인일시, 최종로그인, 접속일시, 최근로그인, 최종접속일, 마지막접속일시, 최종로그인일시',
  'activity history': '검색기록, 방문기록, 구매내역, 통화내역, 이용내역, 구매이력, 접속기록, 검색어기록, 시청기록',
  'child data': '자녀이름, 자녀명, 자녀생년월일, 아동명, 아이이름, 학생이름, 학생명, 자녀나이, 원아명',
  guardian: '보호자, 보호자명, 법정대리인, 학부모, 보호자연락처, 보호자이름, 학부모명, bohoja',
  school: '학교, 학교명, 유치원, 어린이집, 학년, hakgyo',
  contract: '계약서, 계약번호',
  token: '토큰',
  name: '아이디',
};
