#include "keyboard.h"

#include "cleanup.h"

const struct keyboard_pair keyboard_pairs[] = {
    /* The Russian layout, for Kyrgyz. */
    {0x043E, 0x04E9}, /* о for ө */
    {0x0443, 0x04AF}, /* у for ү */
    {0x043D, 0x04A3}, /* н for ң */
    /* The Russian layout, for Kazakh, Uzbek and Tajik words. */
    {0x043A, 0x049B}, /* к for қ */
    {0x0433, 0x0493}, /* г for ғ */
    {0x0443, 0x04B1}, /* у for ұ */
    {0x0438, 0x0456}, /* и for і */
    {0x0430, 0x04D9}, /* а for ә */
    {0x0445, 0x04BB}, /* х for һ */
    {0x0445, 0x04B3}, /* х for ҳ */
    {0x0443, 0x045E}, /* у for ў */
    {0x0447, 0x04B7}, /* ч for ҷ */
    {0x0438, 0x04E3}, /* и for ӣ */
    {0x0443, 0x04EF}, /* у for ӯ */
    /* Layouts of neighbours, for letters that theirs do not write. */
    {0x049B, 0x043A}, /* қ for к */
    {0x0493, 0x0433}, /* ғ for г */
    {0x04B1, 0x04AF}, /* ұ for ү */
    {0x04B1, 0x0443}, /* ұ for у */
    {0x0456, 0x0438}, /* і for и */
    {0x04BB, 0x0445}, /* һ for х */
    {0x04B3, 0x0445}, /* ҳ for х */
    {0x045E, 0x0443}, /* ў for у */
    {0x04B7, 0x0447}, /* ҷ for ч */
};
const size_t keyboard_pair_count = COUNT_OF(keyboard_pairs);
