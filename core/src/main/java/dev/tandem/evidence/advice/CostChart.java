package dev.tandem.evidence.advice;

final class CostChart {
    private CostChart() {}

    static String of(Cost cost, Arm recommendation) {
        return "<svg/>" + cost.tier() + recommendation;
    }
}
