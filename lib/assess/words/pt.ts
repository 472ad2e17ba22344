/** Portuguese words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { Words } from '../dictionary.ts';

export const PT: Words = {
  password: 'senha, senha hash, palavra passe, palavra chave usuario, codigo acesso',
  email: 'correio eletronico, endereco email',
  phone: 'telefone, numero telefone, celular, telemovel, telefone celular, fone',
  'personal name':
    'sobrenome, nome completo, primeiro nome, nome cliente, ultimo nome, nome mae, nome pai, apelido, nome social, nacionalidade, contato emergencia',
  name: 'nome',
  username: 'nome usuario, nome utilizador',
  'date of birth':
    'data nascimento, data de nascimento, dt nascimento, aniversario, data nasc, dt nasc, ano nascimento, nascimento data',
  age: 'idade',
  gender: 'genero, sexo',
  'home address':
    'endereco, logradouro, morada, endereco entrega, rua, bairro, local nascimento, naturalidade, numero casa, localidade, municipio',
  postcode: 'cep, codigo postal',
  city: 'cidade',
  'national id':
    'carteira identidade, cartao cidadao, numero cpf, cpf cnpj, numero rg, registro geral, titulo eleitor, numero titulo eleitor, rg numero, identidade numero, documento identidade, numero identidade, bilhete identidade',
  'tax id': 'numero contribuinte, nif contribuinte, nif numero, inscricao estadual',
  passport: 'passaporte',
  'driving licence':
    'cnh, carteira habilitacao, carta conducao, placa veiculo, carteira motorista, placa carro, numero cnh',
  'bank account':
    'conta bancaria, numero conta, conta corrente, chave pix, agencia conta, conta poupanca, titular conta, saldo conta, pix, dados bancarios, agencia bancaria',
  'card number': 'cartao, cartao credito, numero cartao, titular cartao',
  salary: 'salario, renda, vencimento salarial, remuneracao, rendimento',
  invoice: 'fatura, nota fiscal, boleto',
  payment: 'pagamento, forma pagamento',
  diagnosis: 'diagnostico, doenca, deficiencia, gravidez, sintomas, gestante, enfermidade',
  medication: 'medicamento, vacina, receita medica, remedio, remedios, medicacao',
  vitals: 'pressao arterial, tipo sanguineo, tipo sangue, frequencia cardiaca, glicemia, batimento cardiaco',
  'height or weight': 'peso, altura',
  'medical record':
    'prontuario, prontuario medico, historico medico, plano saude, cartao sus, convenio medico, resultado exame, historico clinico',
  religion: 'religiao, crenca religiosa',
  ethnicity: 'raca cor, etnia',
  'marital status': 'estado civil, profissao',
  'ip address': 'endereco ip',
  'mac address': 'endereco mac',
  'serial number': 'numero serie',
  'login times': 'ultimo acesso, ultimo login, hora acesso',
  'child data': 'nome filho, nome crianca, idade filho, data nascimento filho',
  school: 'escola, creche',
  'private key': 'chave privada, chave secreta, chave criptografia',
  'api token': 'chave api',
  'access token':
    'token acesso, token de acesso, chave acesso, credencial, credenciais, token sessao, token autenticacao',
  'security answer': 'pergunta secreta, resposta secreta, pergunta seguranca',
  'one-time code': 'codigo verificacao',
  'social security number': 'pis, pis pasep, nis, numero pis, inss, numero seguranca social',
  'body metrics': 'peso corporal, gordura corporal, massa corporal, massa muscular, indice massa corporal',
  biometrics: 'impressao digital, reconhecimento facial, biometria',
  politics: 'filiacao partidaria, partido politico, opiniao politica',
  union: 'filiacao sindical, sindicato',
  orientation: 'orientacao sexual',
  'criminal record': 'antecedentes criminais',
  coordinates: 'coordenadas, geolocalizacao',
  position: 'localizacao',
  'device id': 'id dispositivo',
  recording: 'gravacao, gravacao chamada',
  guardian: 'responsavel legal, nome responsavel, encarregado educacao',
  'activity history': 'historico busca, historico compras, historico navegacao',
};
