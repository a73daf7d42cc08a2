# SPDX-License-Identifier: GPL-3.0-or-later
"""What doubling something costs, ours against ours: work must grow with what happens to customers,
neither with months in which nobody is left nor with programmes that never act."""

import json
import math
import statistics
import sys

from measure import BUILD, ROOT, measured, numbers, ours, seconds_for, span, yes

MUSIC = ROOT / "configs" / "music_streaming.yaml"
ROI = ROOT / "configs" / "retention_roi.yaml"
W3 = ROOT / "bench" / "w3.yaml"

# Of MUSIC's customers 1 in 10^11 is left after 120 months, when a fifth leave in each.
SHORT_LIVES = ["--set", "retention.geometric.churn=20%"]
OFFERS = """
plans:
  basic: {price: 1000, starts: 90%, upgrade: {to: family, monthly: 3%}}
  family: {price: 1500, starts: 10%, downgrade: {to: basic, monthly: 3%}}
add_ons:
  lyrics: {price: 200, attach: {monthly: 5%}, drop: {monthly: 5%}}
"""

# The middle of what is uncertain in ROI, where a single world is timed.
CERTAIN = [f"--set={path}={value}" for path, value in {
    "retention.weibull.scale": 29.7, "gross_margin": "78%", "channels.paid.cac": 900,
    "interventions.onboarding.effect.churn.times": 0.79,
    "interventions.save_offer.when.on_churn_intent.accept": "30%",
    "interventions.dunning.when.on_payment_failure.recover": "48%", "correlations": "[]",
}.items()]  # fmt: skip

# ROI as people run it, for the bound of a run of many draws.
DRAWS, CUSTOMERS_PER_DRAW, DRAWS_SECONDS, DRAWS_MB = 1024, 5000, 10, 150

# The share of a run that setting up its draws may take, with 20,000 customers in each.
SET_UP_SHARE, SET_UP_DRAWS, SET_UP_CUSTOMERS = 0.25, (32, 128), 20_000
UNCERTAIN_CHURN = "retention.geometric.churn={uniform: [2%, 4%]}"  # in MUSIC nothing else is

# Programmes that turn to nobody in ROI: nobody upgrades to the annual plan, and with one more
# segment that no customer of the paid channel belongs to, nobody is in both.
PARTNERS = ("  high: {share: 25%,", "  partner: {share: 5%}\n  high: {share: 20%,")
NOBODY = "who: {segments: partner, channels: paid}"
EFFECT = "effect: {churn: {times: 0.5, for: 6}}"
IDLE = {
    "idle_0": f"{{who: {{plans: annual}}, when: on_upgrade, {EFFECT}}}",
    "idle_1": "{who: {plans: annual}, when: on_upgrade, effect: {segment: {to: high}}}",
    "idle_2": f"{{{NOBODY}, when: {{at_tenure: 3}}, {EFFECT}}}",
    "idle_3": f"{{{NOBODY}, when: {{at_tenure: 11}}, {EFFECT}}}",
    "idle_4": f"{{{NOBODY}, when: {{every: 5}}, {EFFECT}}}",
    "idle_5": f"{{{NOBODY}, when: {{every: 7}}, {EFFECT}}}",
    "idle_6": f"{{{NOBODY}, when: {{on_churn_intent: {{accept: 20%, bluff: {{monthly: 1%}}}}}}, "
    "effect: {churn: {times: 2, for: 6}}}",
    "idle_7": f"{{{NOBODY}, when: {{on_payment_failure: {{recover: 20%}}}}}}",
    "idle_8": f"{{{NOBODY}, when: {{on_churn: {{probability: 5%, for: 6}}}}}}",
    "idle_9": f"{{{NOBODY}, when: {{on_risk_signal: {{lead: 3, recall: 50%, false_alarm: 1%}}}}, "
    f"{EFFECT}}}",
}


def with_offers(folder):
    """MUSIC with plans and an add-on."""
    text = MUSIC.read_text(encoding="utf-8").replace("revenue: {price: 1000}\n", OFFERS)
    path = folder / "offers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def with_programmes(folder, idle):
    """The busiest arm of ROI alone, so that no contrasts are counted, and idle programmes."""
    text = ROI.read_text(encoding="utf-8").replace(*PARTNERS)
    text = text[: text.index("\narms:")] + "\n"
    text += "".join(f"  {name}: {idle[name]}\n" for name in idle)
    names = ["onboarding", "save_offer", "dunning", *idle]
    path = folder / f"programmes_{len(idle)}.yaml"
    path.write_text(f"{text}arms: {{all: [{', '.join(names)}]}}\n", encoding="utf-8")
    return path


def event_pairs(folder):
    """(what is doubled or added, customers, cheap scenario, dear one, the bound of their ratio); a
    scenario is its file and options."""
    def lives(scenario, horizon):
        return scenario, [*SHORT_LIVES, "--set", f"time.horizon={horizon}"]

    offers = with_offers(folder)
    return [
        ("horizon 120 -> 240, nobody left", 400_000_000, lives(MUSIC, 120), lives(MUSIC, 240), 1.1),
        ("the same, plans and an add-on", 1_000_000, lives(offers, 120), lives(offers, 240), 1.1),
        ("10 programmes that never act", 200_000, (with_programmes(folder, {}), CERTAIN),
         (with_programmes(folder, IDLE), CERTAIN), 1.2),
    ]  # fmt: skip


def check_idle(folder):
    """That programmes in the last pair really never act: nothing else may change."""
    def figures(idle):
        scenario = with_programmes(folder, idle)
        output = measured(ours(scenario, folder, 10_000, output="--json") + CERTAIN)[0]
        return json.loads(output)["arms"]["all"]

    some, more = figures({}), figures(IDLE)
    if some["ltv"] != more["ltv"] or any(
        more["metrics"][f"contacts_{name}"]["value"] != 0 for name in IDLE
    ):
        sys.exit("a programme that should be idle acts")


def cost_of_events(rounds, folder):
    """Prints what doubling or adding costs; the number of bounds that are missed."""
    check_idle(folder)
    missed = 0
    print(f"\ncost of events, one thread, {rounds} rounds; medians [lowest, highest]")
    for what, customers, cheap, dear, bound in event_pairs(folder):
        ratios = []
        for seed in range(1, rounds + 1):
            seconds = [seconds_for(scenario, folder, customers, seed, options)
                       for scenario, options in (cheap, dear)]  # fmt: skip
            ratios.append(seconds[1] / seconds[0])
        holds = statistics.median(ratios) < bound
        missed += not holds
        print(f"{what:<34}{span(ratios, '.3f'):>24} x   below {bound}: {yes(holds)}")
    return missed


def many_draws(rounds, folder):
    """Prints what a run of many draws costs; the number of bounds that are missed."""
    command = ours(ROI, folder, CUSTOMERS_PER_DRAW, threads=2)
    command += ["--draws", str(DRAWS)]
    runs = [measured(command)[2:] for _ in range(rounds)]
    seconds, megabytes = statistics.median(r[0] for r in runs), max(r[1] for r in runs)
    holds = seconds < DRAWS_SECONDS and megabytes < DRAWS_MB
    print(
        f"\n{ROI.stem}: {DRAWS:,} draws x {CUSTOMERS_PER_DRAW:,} customers x 4 arms on two threads: "
        f"{seconds:.1f} s, {megabytes:.0f} MB   below {DRAWS_SECONDS} s, {DRAWS_MB} MB: "
        f"{yes(holds)}"
    )
    return not holds


def set_up(folder):
    """Prints what setting up a draw takes, and of what; the number of bounds that are missed."""
    missed = 0
    print(f"\nset-up of a draw, beside {SET_UP_CUSTOMERS:,} customers in it, one thread")
    for scenario, settings in ((MUSIC, [UNCERTAIN_CHURN]), (ROI, [])):
        reading, compiling = numbers([BUILD / "bench" / "draw_setup", scenario, 256, *settings])
        few, many = (
            measured([*ours(scenario, folder, SET_UP_CUSTOMERS), "--draws", str(draws),
                      *(word for setting in settings for word in ("--set", setting))])[1]
            for draws in SET_UP_DRAWS
        )  # fmt: skip
        a_draw = 1e6 * (many - few) / (SET_UP_DRAWS[1] - SET_UP_DRAWS[0])
        share = (reading + compiling) / a_draw
        missed += share > SET_UP_SHARE
        print(f"{scenario.stem:<34}reading {reading:.1f} us, compiling {compiling:.1f} us: "
              f"{share:.1%} of {a_draw:.0f} us   at most {SET_UP_SHARE:.0%}: "
              f"{yes(share <= SET_UP_SHARE)}")  # fmt: skip
    return missed


def slopes(folder):
    """Prints by which power of it the time grows when something is doubled twice: 1 is linear."""
    def arms(n):
        each = [f"a{i}: {{interventions: [programme], set: {{gross_margin: {50 + i}%}}}}"
                for i in range(n)]  # fmt: skip
        return ["--set", "arms={" + ", ".join(each) + "}"]

    def programmes(n):
        names = [f"p{i}" for i in range(n)]
        each = "{when: {every: 3}, effect: {churn: {times: 0.99, for: 2}}}"
        return ["--set", "interventions={" + ", ".join(f"{p}: {each}" for p in names) + "}",
                "--set", "arms={all: [" + ", ".join(names) + "]}"]  # fmt: skip

    print("\ncost against size, one thread: the power of it by which processor time grows")
    for what, scenario, sizes, command in [
        ("customers", W3, (500_000, 1_000_000, 2_000_000), lambda n: (n, [])),
        ("horizon, few leave", W3, (15, 30, 60),
         lambda h: (1_000_000, ["--set", f"time.horizon={h}"])),
        ("programmes that act", W3, (2, 4, 8), lambda n: (300_000, programmes(n))),
        ("arms", W3, (2, 4, 8), lambda n: (300_000, arms(n))),
        ("draws", ROI, (128, 256, 512), lambda d: (2000, ["--draws", str(d)])),
    ]:  # fmt: skip
        seconds = []
        for size in sizes:
            customers, options = command(size)
            seconds.append(measured([*ours(scenario, folder, customers), *options])[1])
        powers = [math.log2(b / a) for a, b in zip(seconds, seconds[1:])]
        print(f"{what:<34}{', '.join(f'{p:.2f}' for p in powers):>24}   of {sizes}")
