/** Invented people of the sample clinic; numbers lie in ranges that a simulator alone will ever call. */
export interface SamplePerson {
  readonly lastName: string;
  readonly firstName: string;
  readonly patronymic?: string;
  readonly locale: 'ru' | 'en' | 'it';
  readonly phone: string;
}

const RUSSIAN: readonly (readonly [string, string, string])[] = [
  ['Соколова', 'Мария', 'Ивановна'],
  ['Кузнецов', 'Пётр', 'Андреевич'],
  ['Лебедева', 'Ольга', 'Сергеевна'],
  ['Новиков', 'Дмитрий', 'Олегович'],
  ['Морозова', 'Екатерина', 'Павловна'],
  ['Волков', 'Алексей', 'Николаевич'],
  ['Зайцева', 'Наталья', 'Викторовна'],
  ['Павлов', 'Сергей', 'Ильич'],
  ['Семёнова', 'Ирина', 'Дмитриевна'],
  ['Голубев', 'Михаил', 'Юрьевич'],
  ['Виноградова', 'Анна', 'Алексеевна'],
  ['Богданов', 'Илья', 'Романович'],
  ['Воробьёва', 'Елена', 'Петровна'],
  ['Фёдоров', 'Николай', 'Семёнович'],
  ['Михайлова', 'Татьяна', 'Львовна'],
  ['Беляев', 'Антон', 'Игоревич'],
  ['Тарасова', 'Светлана', 'Борисовна'],
  ['Белов', 'Роман', 'Денисович'],
  ['Комарова', 'Юлия', 'Максимовна'],
  ['Орлов', 'Виктор', 'Андреевич'],
  ['Киселёва', 'Вера', 'Ильинична'],
  ['Макаров', 'Олег', 'Петрович'],
  ['Андреева', 'Дарья', 'Николаевна'],
  ['Ковалёв', 'Игорь', 'Васильевич'],
];

const ITALIAN: readonly (readonly [string, string])[] = [
  ['Rossi', 'Giulia'],
  ['Bianchi', 'Marco'],
  ['Ferrari', 'Chiara'],
  ['Russo', 'Luca'],
  ['Romano', 'Elena'],
  ['Colombo', 'Andrea'],
  ['Ricci', 'Francesca'],
  ['Marino', 'Davide'],
  ['Greco', 'Sara'],
  ['Bruno', 'Paolo'],
  ['Gallo', 'Martina'],
  ['Conti', 'Stefano'],
  ['De Luca', 'Alice'],
  ['Costa', 'Matteo'],
  ['Giordano', 'Laura'],
  ['Mancini', 'Simone'],
];

/** Patients of the Moscow branch; the last two read English. */
export const MOSCOW_PEOPLE: readonly SamplePerson[] = [
  ...RUSSIAN.map(
    ([lastName, firstName, patronymic], index): SamplePerson => ({
      lastName,
      firstName,
      patronymic,
      locale: 'ru',
      phone: `+7900000${String(1000 + index)}`,
    }),
  ),
  { lastName: 'Baker', firstName: 'Emily', locale: 'en', phone: '+79000001090' },
  { lastName: 'Carter', firstName: 'James', locale: 'en', phone: '+79000001091' },
];

/** Patients of the Rome branch; the last one reads English. */
export const ROME_PEOPLE: readonly SamplePerson[] = [
  ...ITALIAN.map(
    ([lastName, firstName], index): SamplePerson => ({
      lastName,
      firstName,
      locale: 'it',
      phone: `+39320000${String(1000 + index)}`,
    }),
  ),
  { lastName: 'Walsh', firstName: 'Nora', locale: 'en', phone: '+393200001090' },
];
