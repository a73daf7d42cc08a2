#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# The peers in R: vectors of customers, month by month or all at once. The same answers as the
# engine's main ones: mean and spread of LTV, its histogram, the retention curve, in W3 also
# recurring revenue by plan.
#
#     Rscript r_peers.R w1|w2|w3 months|events CUSTOMERS SEED
#
# prints the mean LTV, its standard error, and the nanoseconds of processor time for a customer. W3
# is there month by month only.

MONTHS <- 120
MONTHS_W3 <- 60
BINS <- 512
MARGIN <- 0.8
DISCOUNT <- (1 / 1.01)^(seq_len(MONTHS) - 1)
VALUE <- c(0, cumsum(DISCOUNT)) # of the first T bills of 1: VALUE[T + 1]

# W3; see w3.yaml.
PRICE <- c(500, 1000, 2000)
STARTS <- c(0, 0.50, 0.85)
CHURN_OF <- c(1.3, 1.0, 0.7)
UP <- c(0.015, 0.010, 0)
DOWN <- c(0, 0.008, 0.012)
ADD_ON_PRICE <- c(100, 250)
ATTACH <- c(0.02, 0.01)
FAILING <- 0.006
FRAILTY_SHAPE <- 1 / 0.7071^2
HAZARD <- rep(0.02, MONTHS_W3)
HAZARD[1:3] <- c(0.08, 0.06, 0.04)
HAZARD[c(12, 24, 36, 48, 60)] <- 0.12

churn_of_customers <- function(workload, n) {
  if (workload == "w1") rep(0.03, n) else rbeta(n, 0.668, 3.806)
}

summarise <- function(ltv, most) {
  tabulate(1 + floor(ltv / most * BINS), nbins = BINS + 1)
  c(sum(ltv), sum(ltv^2))
}

simple_by_months <- function(workload, n) {
  churn <- churn_of_customers(workload, n)
  ltv <- numeric(n)
  alive <- seq_len(n)
  paying <- integer(MONTHS)
  for (month in seq_len(MONTHS)) {
    paying[month] <- length(alive)
    ltv[alive] <- ltv[alive] + 1000 * MARGIN * DISCOUNT[month]
    alive <- alive[runif(length(alive)) >= churn[alive]]
  }
  summarise(ltv, 1000 * MARGIN * VALUE[MONTHS + 1])
}

simple_by_events <- function(workload, n) {
  bills <- pmin(1 + rgeom(n, churn_of_customers(workload, n)), MONTHS)
  tabulate(bills, nbins = MONTHS)
  summarise(1000 * MARGIN * VALUE[bills + 1], 1000 * MARGIN * VALUE[MONTHS + 1])
}

happens <- function(hazard, n = length(hazard)) {
  runif(n) < -expm1(-hazard)
}

full_by_months <- function(workload, n) {
  z <- rgamma(n, FRAILTY_SHAPE, FRAILTY_SHAPE)
  reached <- runif(n) < 0.5
  plan <- findInterval(runif(n), STARTS)
  first <- second <- logical(n)
  ltv <- numeric(n)
  alive <- seq_len(n)
  revenue <- matrix(0, 3, MONTHS_W3)
  for (month in seq_len(MONTHS_W3)) {
    now <- plan[alive]
    paid <- PRICE[now] + ADD_ON_PRICE[1] * first[alive] + ADD_ON_PRICE[2] * second[alive]
    revenue[, month] <- vapply(1:3, function(p) sum(paid[now == p]), 0)
    ltv[alive] <- ltv[alive] + paid * MARGIN * DISCOUNT[month]
    times <- z[alive] * CHURN_OF[now]
    if (month == 4) {
      who <- alive[reached[alive]]
      ltv[who] <- ltv[who] - 50 * DISCOUNT[month]
    }
    if (month >= 4 && month < 16) times <- ifelse(reached[alive], 0.7 * times, times)
    stays <- !(happens(times * HAZARD[month]) | happens(FAILING, length(alive)))
    alive <- alive[stays]
    now <- now[stays]
    falls <- happens(DOWN[now])
    rises <- happens(UP[now])
    plan[alive] <- now + ifelse(falls, -1, rises)
    first[alive] <- first[alive] | happens(ATTACH[1], length(alive))
    second[alive] <- second[alive] | happens(ATTACH[2], length(alive))
  }
  summarise(ltv, 2500 * MARGIN * VALUE[MONTHS_W3 + 1])
}

peers <- list(
  w1 = list(months = simple_by_months, events = simple_by_events),
  w2 = list(months = simple_by_months, events = simple_by_events),
  w3 = list(months = full_by_months)
)

main <- function(workload, way, customers, seed) {
  set.seed(seed)
  started <- proc.time()
  sums <- peers[[workload]][[way]](workload, customers)
  took <- proc.time() - started
  mean <- sums[1] / customers
  error <- sqrt((sums[2] / customers - mean^2) / (customers - 1))
  seconds <- took[["user.self"]] + took[["sys.self"]]
  cat(sprintf("%.17g %.17g %.17g\n", mean, error, 1e9 * seconds / customers))
}

arguments <- commandArgs(trailingOnly = TRUE)
main(arguments[1], arguments[2], as.integer(arguments[3]), as.integer(arguments[4]))
