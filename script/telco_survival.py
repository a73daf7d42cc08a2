#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes configs/telco.yaml from IBM's telco customer sample.

    script/telco_survival.py telco_customer_churn.csv > configs/telco.yaml

The sample is in the repository IBM/telco-customer-churn-on-icp4d, folder data/ (Apache-2.0).
Prints the scenario: for each contract group its share of the customers, its mean monthly charge
relative to that of all, and the Kaplan-Meier estimate of its retention by month.

How the columns are read:
- tenure is the number of monthly bills paid: TotalCharges is MonthlyCharges x tenure, exactly
  for tenure 1. Churn = Yes with tenure t is a customer who paid bills 0 ... t-1 and not bill t.
- Churn = No with tenure t came through month t and is censored after it: at risk in the months
  1 ... t, unknown from then on.
- Customers with tenure 0 have not paid a bill. They say nothing about retention, but they have
  a contract and a charge and count there.
So survival[u], the share that pays bill u, is the product over t = 1 ... u of
1 - (churned with tenure t) / (tenure t or more).
"""

import csv
import sys

GROUPS = [
    ("Month-to-month", "month_to_month"),
    ("One year", "one_year"),
    ("Two year", "two_year"),
]

HEADER = """\
# SPDX-License-Identifier: GPL-3.0-or-later
# Made by script/telco_survival.py.
#
# What does a telephone and internet customer bring in five years, and how much does the
# contract matter? Real data: {customers:,} customers of IBM's sample of a telephone company,
# {churned:,} of whom left. Three contract groups, each with its own retention curve and charge.
#
# It shows retention as measured and not as a formula: Kaplan-Meier estimates by month. Each
# survival list gives the share of joined customers who pay bill 0, 1, 2, ... 72.
#
#                                                          seen to month
#     contract        customers     left  mean charge      12      60      72
{table}
#
# What to keep in mind:
# - The sample holds no costs: LTV here is discounted revenue, at a rate of our choice. Put
#   your own gross_margin, CAC and discount_rate in.
# - The mix is that of the customers on the books. Of those in their first month,
#   {first_month_monthly:.1f} % pay month to month: many seem to change to a longer contract later, and
#   only those who stayed could. So the curves compare customers; they do not say what a
#   contract would do to one.
# - Tenure ends at 72 months in the sample and few customers are left near it, so the horizon
#   is 60 months. With a horizon beyond 72, the pooled churn of the last 24 months goes on.
#
# Source: IBM, repository IBM/telco-customer-churn-on-icp4d, data/ (Apache-2.0). The company in
# it is fictional.
"""


def read_customers(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return [
            {
                "contract": row["Contract"],
                "bills": int(row["tenure"]),
                "left": row["Churn"] == "Yes",
                "charge": float(row["MonthlyCharges"]),
            }
            for row in csv.DictReader(file)
        ]


def at_risk(customers, month):
    """Customers who paid the bill of that month (the first month is 1)."""
    return sum(c["bills"] >= month for c in customers)


def kaplan_meier(customers, months):
    """survival[u], u = 0 ... months: the share of customers who pay bill u."""
    survival = [1.0]
    for month in range(1, months + 1):
        left = sum(c["left"] and c["bills"] == month for c in customers)
        survival.append(survival[-1] * (1 - left / at_risk(customers, month)))
    return survival


def mean_charge(customers):
    return sum(c["charge"] for c in customers) / len(customers)


def shares_in_percent(counts):
    """Shares with two decimals that sum to exactly 100: the last takes what rounding leaves."""
    hundredths = [round(10000 * n / sum(counts)) for n in counts[:-1]]
    return [h / 100 for h in hundredths + [10000 - sum(hundredths)]]


def survival_lines(survival):
    """The list as YAML, half a year to a line after the 100 % at joining."""
    numbers = [f"{100 * s:.3f}%" for s in survival[1:]]
    rows = [", ".join(numbers[i : i + 6]) for i in range(0, len(numbers), 6)]
    return ["[100%,"] + [f" {row}," for row in rows[:-1]] + [f" {rows[-1]}]"]


def scenario(customers):
    groups = [[c for c in customers if c["contract"] == label] for label, _ in GROUPS]
    if not all(groups) or sum(map(len, groups)) != len(customers):
        raise SystemExit("unexpected values in the column Contract: is this IBM's telco sample?")
    months = max(c["bills"] for c in customers)
    overall = round(mean_charge(customers), 2)
    first_month = [c for c in customers if c["bills"] == 1]

    table = "\n".join(
        f"#     {label:<15}{len(group):>10,}{sum(c['left'] for c in group):>9,}"
        f"{mean_charge(group):>13.2f}"
        + "".join(f"{at_risk(group, month):>8,}" for month in (12, 60, 72))
        for (label, _), group in zip(GROUPS, groups)
    )
    lines = [
        HEADER.format(
            customers=len(customers),
            churned=sum(c["left"] for c in customers),
            table=table,
            first_month_monthly=100
            * sum(c["contract"] == GROUPS[0][0] for c in first_month)
            / len(first_month),
        )
        + "ltvsim: 1",
        "title: Telephone and internet customers by contract",
        "currency: USD",
        "time: {unit: month, horizon: 60}",
        "discount_rate: 10%                # a year",
        f"revenue: {{price: {overall:.2f}}}            # mean monthly charge of all customers",
        "gross_margin: 100%",
        "segments:",
    ]
    shares = shares_in_percent([len(group) for group in groups])
    for (_, name), group, share in zip(GROUPS, groups, shares):
        lines += [
            f"  {name}:",
            f"    share: {share:.2f}%",
            f"    price: x{mean_charge(group) / overall:.5f}   "
            f"# mean charge {mean_charge(group):.2f}",
            "    retention:",
            "      table:",
            "        survival:",
        ]
        lines += ["          " + line for line in survival_lines(kaplan_meier(group, months))]
        lines += ["        after: {hold: 24}"]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__.split("\n\n")[1].strip())
    sys.stdout.write(scenario(read_customers(sys.argv[1])))


if __name__ == "__main__":
    main()
