import t from 'tap'
import { onEveryEngine, refuses } from './client.ts'

const EQUITY = `place ethnicity-culture language occupation gender-sex religion education socioeconomic social-capital age disability
sexual-orientation migration carer-status homelessness health-literacy digital-access multimorbidity family-complex-needs time-dependent`

/** Lists that DOMAIN names code by code. */
const CODES: Record<string, string> = {
  'measure-type':
    'structure process outcome intermediate-outcome patient-reported-outcome patient-reported-experience cost efficiency balancing',
  scoring: 'proportion ratio continuous-variable cohort attestation composite',
  direction: 'increase decrease within-range no-judgement',
  level: 'organisational professional clinical',
  dimension: 'system organisational professional clinical functional normative',
  domain: `care-coordination continuity access person-centredness shared-decisions self-management outcomes-health quality-of-life function
    mental-health carer-support social-needs safety medication transitions end-of-life prevention workforce team-working
    governance-funding data-sharing cost-use equity community`,
  strategy: '1 2 3 4 5 6 7',
  aim: 'population-health experience cost workforce-wellbeing equity',
  perspective: 'patient-family professional system',
  sector: 'health social-care welfare housing education justice community',
  'equity-dimension': EQUITY,
  'data-source': 'ehr claims survey register administrative social-care-record linked observation',
  permission: 'none notify ask unknown',
  fee: 'free free-non-commercial paid unknown',
  'testing-result': 'positive negative untested unknown',
  'lived-experience': 'none consulted co-developed unknown',
  relation: 'predecessor successor derived-from composed-of depends-on competing related',
  'stratifier-availability': 'available partial unavailable unknown',
  'translation-validation': 'original validated translated machine unknown',
  'review-state': 'in-development submitted changes-requested approved',
  status: 'draft active retired',
  maturity: 'M0 M1 M2 M3 M4 M5',
  respondent: 'self proxy carer professional',
  'gap-kind': `no-measure outcome-that-matters-missing no-stratification stratifier-not-collected stratifier-standard-mismatch
    small-denominator excluded-by-denominator no-translation translation-not-validated not-validated-in-population reading-level
    format-not-accessible digital-only no-proxy-version cost-or-licence-barrier no-lived-experience-in-development
    risk-adjustment-hides-difference carer-perspective-missing level-imbalance who-decides country-or-setting-missing other`,
  'gap-origin': 'recorded derived adopted',
  'gap-status': `reported under-review confirmed remedy-agreed in-progress resolved rejected accepted-risk merged
    open closed dismissed`,
  'gap-severity': 'low moderate high critical unknown',
  'gap-reach': 'few some many unknown',
  'gap-consequence': 'information-lost wrong-decision delayed-care harm',
  'gap-alternative': 'none partial good',
  'gap-certainty': 'absent unknown',
  'gap-evidence': 'assertion derived-from-catalogue testimony documented quantified',
  'gap-role': 'caused-by affects would-close partly-closes',
  'gap-focus': 'missing misclassified excluded burdened',
  'remedy-family': 'standardise-data address-causes build-capacity language-and-literacy accessibility',
  'remedy-status': 'proposed agreed in-progress done dropped',
  effort: 'S M L',
  'gap-map-state': 'absolute-gap usable-gap thin covered',
  'gap-group': 'lived-experience carers professionals policymakers evaluation-experts managers academics'
}

interface Concept {
  readonly code: string
  readonly label: string
}

onEveryEngine(t, async (t, client) => {
  t.test('all lists, with their sources', async (t) => {
    const { json } = await client.get('/v1/vocabularies')
    t.match(json, { total: json.items.length, next: '' })
    for (const item of json.items) {
      t.match(item, { name: String, title: String, description: String, source: { title: String }, version: String, concepts: Number })
      const { json: list } = await client.get(new URL(String(item['url'])).pathname)
      t.equal((list['concepts'] as Concept[]).length, item['concepts'], String(item['name']))
      for (const concept of list['concepts'] as Concept[])
        if (!concept.code || !concept.label) t.fail(`${item['name']}: ${JSON.stringify(concept)} has a code and a label`)
    }
  })

  t.test('the codes are those of the domain', async (t) => {
    for (const [name, expected] of Object.entries(CODES)) {
      const codes = ((await client.get(`/v1/vocabularies/${name}`)).json['concepts'] as Concept[]).map(({ code }) => code)
      for (const code of expected.split(/\s+/)) if (!codes.includes(code)) t.fail(`${name} has ${code}`)
      t.ok(codes.length > 0, name)
    }
  })

  t.test('labels in five languages', async (t) => {
    const label = async (query: string, headers: Record<string, string> = {}) => {
      const reply = await client.get(`/v1/vocabularies/domain${query}`, { headers })
      return [(reply.json['concepts'] as Concept[])[0]?.label, reply.headers.get('content-language')]
    }
    const labels = new Map([
      ['en', 'Care coordination'],
      ['nl', 'Zorgcoördinatie'],
      ['fr', 'Coordination des soins'],
      ['de', 'Koordination der Versorgung'],
      ['es', 'Coordinación asistencial']
    ])
    for (const [language, text] of labels) {
      t.same(await label(`?lang=${language}`), [text, language])
      t.same(await label('', { 'accept-language': `${language}, *;q=0.1` }), [text, language])
      t.same(await label(`?lang=${language}`, { 'accept-language': 'en' }), [text, language], 'lang comes first')
    }
    t.same(await label('?lang=pt'), [labels.get('en'), 'en'], 'English where there is none')
    t.same(await label('?lang=de-AT'), [labels.get('de'), 'de'], 'a regional form falls back to its language')
    const etags = await Promise.all([...labels.keys()].map((lang) => client.get(`/v1/vocabularies/domain?lang=${lang}`)))
    t.equal(new Set(etags.map(({ etag }) => etag)).size, 5, 'each language has an ETag of its own')
  })

  t.test('an unknown list is refused, with the nearest', async (t) => {
    const reply = await client.get('/v1/vocabularies/domains')
    refuses(t, reply, { status: 404, code: 'not-found', at: '?name' }, 'domains')
    t.equal(reply.json.errors[0]?.nearest, 'domain')
    refuses(
      t,
      await client.get('/v1/vocabularies/domain?language=fr'),
      { status: 400, code: 'unknown-parameter', at: '?language' },
      'language='
    )
    refuses(t, await client.get('/v1/vocabularies/domain?lang=x!'), { status: 400, code: 'invalid-parameter', at: '?lang' }, 'lang=x!')
  })
})
